package dev.showo2.train.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.model.internal.Sha256;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.train.data.BadExampleException;
import dev.showo2.train.data.ExampleMedia;
import dev.showo2.train.data.ExampleProblem;
import dev.showo2.train.data.FeatureSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A teacher's features of images, computed beforehand by any program. Thread-safe.
 *
 * <p>The format is safetensors: one file, or a folder with several and their index {@code
 * model.safetensors.index.json}. It has a tensor [L, E] for each image, of 16, 32 or 64-bit floats:
 * L tokens row by row from the top left, E values each, as many as the semantic layers have. The
 * name of the tensor is the path of the image, relative to the folder of the images and with {@code
 * /} between names, such as {@code birds/0042.jpg}; images of archives have their name there. In
 * Python:
 *
 * <pre>{@code
 * save_file({"birds/0042.jpg": features}, "features.safetensors")
 * }</pre>
 *
 * <p>Features are read when they are asked for, so memory does not grow with the file.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TeacherFeatures implements AutoCloseable {

  private final Path file;
  private final Path images;
  private final CheckpointWeights tensors;
  private final Shape shape;

  private TeacherFeatures(Path file, Path images, CheckpointWeights tensors, Shape shape) {
    this.file = file;
    this.images = images;
    this.tensors = tensors;
    this.shape = shape;
  }

  /**
   * Opens features.
   *
   * @param file with them, its index, or the folder of both
   * @param images folder that the names of the tensors are relative to
   * @return the features, which the caller closes
   * @throws InvalidModelException if the file is damaged, has no tensors, or they are not floats of
   *     one shape [L, E]
   */
  public static TeacherFeatures open(Path file, Path images) {
    CheckpointWeights tensors = Checkpoints.open(file);
    try {
      String first =
          tensors.names().stream()
              .findFirst()
              .orElseThrow(() -> new InvalidModelException(file + " has no features"));
      Shape shape = tensors.shape(first);
      for (String name : tensors.names()) {
        requireFeatures(file, name, tensors, shape);
      }
      return new TeacherFeatures(file, images, tensors, shape);
    } catch (RuntimeException | Error e) {
      try (tensors) {
        throw e;
      }
    }
  }

  private static void requireFeatures(
      Path file, String name, CheckpointWeights tensors, Shape shape) {
    boolean floats =
        switch (tensors.type(name)) {
          case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 -> true;
          default -> false;
        };
    if (!floats
        || shape.rank() != 2
        || shape.elementCount() == 0
        || !tensors.shape(name).equals(shape)) {
      ElementType type = tensors.type(name);
      throw new InvalidModelException(
          file
              + ": features are floats of one shape [tokens, hidden size] for all images; found "
              + type
              + " "
              + tensors.shape(name)
              + " for '"
              + name
              + "'"
              + (shape.rank() == 2 ? " where the first have " + shape : ""));
    }
  }

  /**
   * Returns the shape of an image's features.
   *
   * @return [L, E]
   */
  public Shape shape() {
    return shape;
  }

  /**
   * Reads the features of an image.
   *
   * @param image of an example
   * @return [L, E]
   * @throws BadExampleException if there are none, or a value is not finite
   * @throws InvalidModelException if the file is damaged
   */
  public HostTensor read(ExampleMedia image) {
    String name = name(image).orElseThrow(() -> missing(image));
    HostTensor features = tensors.readFloats(name);
    for (float value : features.values()) {
      if (!Float.isFinite(value)) {
        throw new BadExampleException(
            ExampleProblem.BROKEN_FEATURES,
            file + ": the features of '" + name + "' hold NaN or infinity; compute them again");
      }
    }
    return features;
  }

  /**
   * Offers the features to the data of a run.
   *
   * @return reads from this file; known by names, types and shapes of the tensors
   */
  public FeatureSource source() {
    MessageDigest digest = Sha256.newDigest();
    for (String name : tensors.names()) {
      digest.update((name + tensors.type(name) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return FeatureSource.stored(shape, Sha256.hex(digest.digest()) + shape, this::read);
  }

  private Optional<String> name(ExampleMedia image) {
    return names(image).stream().filter(tensors.names()::contains).findFirst();
  }

  /** The names that the features of an image may have. */
  private List<String> names(ExampleMedia image) {
    List<String> names = new ArrayList<>();
    if (image instanceof ExampleMedia.OfFile file) {
      Path whole = file.path().toAbsolutePath().normalize();
      Path root = images.toAbsolutePath().normalize();
      if (whole.startsWith(root)) {
        names.add(root.relativize(whole).toString().replace('\\', '/'));
      }
    }
    names.add(image.name());
    return names;
  }

  private BadExampleException missing(ExampleMedia image) {
    return new BadExampleException(
        ExampleProblem.MISSING_FEATURES,
        "no features of '"
            + names(image).get(0)
            + "' in "
            + file
            + ", which has "
            + tensors.names().size()
            + ", such as '"
            + tensors.names().iterator().next()
            + "'; name the folder that these names are relative to, or compute what is missing");
  }

  /** Closes the files. A second call does nothing. */
  @Override
  public void close() {
    tensors.close();
  }
}
