package dev.showo2.conformance.internal.check;

import dev.showo2.error.internal.JvmShutdown;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.TensorInfo;
import dev.showo2.model.internal.Sha256;
import dev.showo2.tensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/** A bundle's files in a folder of their own, to be damaged and then deleted. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class BundleCopy implements AutoCloseable {

  private final Path path;
  private final JvmShutdown.Work use;

  private BundleCopy(Path path) {
    this.path = path;
    this.use = JvmShutdown.ofThisJvm().begin(this::deleteAtShutdown);
  }

  /** {@return the folder} */
  public Path path() {
    return path;
  }

  public static BundleCopy of(Bundle bundle) throws IOException {
    BundleCopy copy = new BundleCopy(Files.createTempDirectory("showo2-copy"));
    try {
      for (Path file : files(bundle.directory())) {
        Files.copy(file, copy.path().resolve(file.getFileName().toString()));
      }
      return copy;
    } catch (IOException | RuntimeException e) {
      try (copy) {
        throw e;
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /**
   * Overwrites one weight, so that a model reaches values that random weights never give, and opens
   * the bundle.
   *
   * @param key of a weight in fp32
   * @param values as many as the weight has
   * @throws IllegalArgumentException if there is no such weight, or it has another size or type
   */
  public Bundle overwrite(String key, float[] values) throws IOException {
    Path text = path.resolve(BundleManifest.FILE_NAME);
    BundleManifest manifest = BundleManifest.parse(Files.readString(text), text.toString());
    List<BundleFile> files = new ArrayList<>();
    for (BundleFile file : manifest.files()) {
      Path weights = path.resolve(file.name());
      boolean changed = file.name().endsWith(".safetensors") && overwrite(weights, key, values);
      files.add(changed ? new BundleFile(file.name(), file.size(), Sha256.of(weights)) : file);
    }
    if (files.equals(manifest.files())) {
      throw new IllegalArgumentException("no file of the bundle has the weight " + key);
    }
    Files.writeString(text, with(manifest, files).toJson());
    return Bundle.open(path);
  }

  private static boolean overwrite(Path weights, String key, float[] values) throws IOException {
    TensorInfo weight;
    try (SafetensorsFile file = SafetensorsFile.open(weights)) {
      weight = file.tensors().get(key);
    }
    if (weight == null) {
      return false;
    }
    if (weight.type() != ElementType.FLOAT32 || weight.shape().elementCount() != values.length) {
      throw new IllegalArgumentException(
          values.length + " 32-bit floats cannot replace " + key + ", which is " + weight);
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    try (FileChannel channel = FileChannel.open(weights, StandardOpenOption.WRITE)) {
      channel.write(bytes, weight.offset());
    }
    return true;
  }

  private static BundleManifest with(BundleManifest manifest, List<BundleFile> files) {
    return new BundleManifest(
        manifest.name(),
        manifest.precision(),
        manifest.architecture(),
        manifest.specialTokens(),
        manifest.defaults(),
        files,
        manifest.graphs());
  }

  @Override
  public void close() throws IOException {
    try (use) {
      delete();
    }
  }

  private void deleteAtShutdown() {
    try {
      delete();
    } catch (IOException e) {
      // Nobody is left to be told.
    }
  }

  private void delete() throws IOException {
    for (Path file : files(path)) {
      Files.delete(file);
    }
    Files.delete(path);
  }
}
