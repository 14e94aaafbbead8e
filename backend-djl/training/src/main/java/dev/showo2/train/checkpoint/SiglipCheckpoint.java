package dev.showo2.train.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.architecture.ArchitectureReader;
import dev.showo2.export.internal.architecture.KeyCheck;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.checkpoint.HubCache;
import dev.showo2.export.internal.checkpoint.MappedWeights;
import dev.showo2.export.internal.io.JsonFile;
import dev.showo2.model.Architecture;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.model.internal.Sha256;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.TeacherRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * The image half of a SigLIP checkpoint in the layout of Hugging Face: a teacher for the semantic
 * layers, and their initial weights. A text half and the pooling head may be there; they are not
 * read. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SiglipCheckpoint implements AutoCloseable {

  private static final String MODEL = "vision_model.";
  private static final String LAYERS = MODEL + "encoder.layers.";
  private static final String PATCHES = MODEL + "embeddings.patch_embedding";
  private static final String POSITIONS = MODEL + "embeddings.position_embedding.weight";
  private static final String POST_NORM = MODEL + "post_layernorm";
  private static final String SEMANTIC_LAYERS = "und_trans.layers.";
  private static final String SEMANTIC_POSITIONS = "position_embedding.weight";
  private static final int COLORS = 3;

  /** What config.json leaves out. */
  private static final int DEFAULT_IMAGE_SIZE = 224;

  private static final int MAX_IMAGE_SIZE = 1 << 14;

  private final Path folder;
  private final CheckpointWeights semantic;
  private final Sizes sizes;

  /**
   * The sizes of the image half.
   *
   * @param layers transformer layers, and their sizes; positions count the patches of an image
   * @param patchSize pixels of a patch and axis
   * @param imageSize pixels of each axis of an image, of which the whole patches count
   */
  public record Sizes(Architecture.Semantic layers, int patchSize, int imageSize) {}

  private SiglipCheckpoint(Path folder, CheckpointWeights semantic, Sizes sizes) {
    this.folder = folder;
    this.semantic = semantic;
    this.sizes = sizes;
  }

  /**
   * Opens a checkpoint.
   *
   * @param named folder with {@code config.json} and the weights, also one of Hugging Face's cache
   * @return the checkpoint, which the caller closes
   * @throws InvalidModelException if it is incomplete, damaged or another model
   */
  public static SiglipCheckpoint open(Path named) {
    Path folder = HubCache.resolve(named);
    String what = "the SigLIP checkpoint " + folder;
    CheckpointWeights stored = Checkpoints.open(folder);
    try {
      for (String key : new String[] {PATCHES + ".weight", POSITIONS}) {
        if (!stored.names().contains(key)) {
          throw new InvalidModelException(
              what
                  + " has no '"
                  + key
                  + "'; the checkpoint of a SiglipModel or SiglipVisionModel is expected");
        }
      }
      CheckpointWeights renamed = MappedWeights.rename(stored, SiglipCheckpoint::semanticName);
      JsonFields config = JsonFile.read(folder.resolve("config.json"));
      if (config.has("vision_config")) {
        config = config.object("vision_config");
      }
      Architecture.Semantic layers = ArchitectureReader.semantic(what, renamed, config);
      Shape patches = stored.shape(PATCHES + ".weight");
      int patchSize = patches.rank() == 4 ? (int) patches.dimension(3) : 0;
      int imageSize = imageSize(what, config, patchSize, layers.positions());
      SiglipCheckpoint checkpoint =
          new SiglipCheckpoint(folder, renamed, new Sizes(layers, patchSize, imageSize));
      new KeyCheck()
          .compare(what, stored, checkpoint.shapes(), stored.names())
          .requireNoDifference();
      return checkpoint;
    } catch (RuntimeException | Error e) {
      try (stored) {
        throw e;
      }
    }
  }

  /** The patches that an image has beyond the whole ones are cut off, as of 384 = 27 · 14 + 6. */
  private static int imageSize(String what, JsonFields config, int patchSize, int positions) {
    int size =
        config.has("image_size")
            ? config.integer("image_size", 1, MAX_IMAGE_SIZE)
            : DEFAULT_IMAGE_SIZE;
    int side = patchSize < 1 ? 0 : size / patchSize;
    if (side * side != positions) {
      throw new InvalidModelException(
          what
              + ": images of "
              + size
              + " pixels have "
              + side * side
              + " patches of "
              + patchSize
              + ", but there are "
              + positions
              + " positions; 'image_size' in config.json is that of another model");
    }
    return size;
  }

  private static String semanticName(String key) {
    if (key.equals(POSITIONS)) {
      return SEMANTIC_POSITIONS;
    }
    return key.startsWith(LAYERS) ? SEMANTIC_LAYERS + key.substring(LAYERS.length()) : key;
  }

  private static String storedName(String semantic) {
    return semantic.equals(SEMANTIC_POSITIONS)
        ? POSITIONS
        : LAYERS + semantic.substring(SEMANTIC_LAYERS.length());
  }

  /**
   * Returns the sizes.
   *
   * @return read off the weights and {@code config.json}
   */
  public Sizes sizes() {
    return sizes;
  }

  /**
   * Lists the weights of patch embedding [E, 3, p, p], positions [n, E], layers and final norm.
   *
   * @return shapes by the names of Hugging Face, such as {@code
   *     vision_model.encoder.layers.0.mlp.fc1.weight}; unmodifiable
   */
  public Map<String, Shape> shapes() {
    int width = sizes.layers().hiddenSize();
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put(PATCHES + ".weight", Shape.of(width, COLORS, sizes.patchSize(), sizes.patchSize()));
    shapes.put(PATCHES + ".bias", Shape.of(width));
    ModelKeys.semanticLayers(sizes.layers())
        .forEach((key, shape) -> shapes.put(storedName(key), shape));
    shapes.put(POST_NORM + ".weight", Shape.of(width));
    shapes.put(POST_NORM + ".bias", Shape.of(width));
    return Collections.unmodifiableMap(shapes);
  }

  /**
   * Returns the weights of {@link #shapes()} in 32-bit floats.
   *
   * @return a view, read a chunk at a time; ends with this checkpoint, closing it does nothing
   */
  public CheckpointWeights weights() {
    ComposedWeights view = new ComposedWeights();
    shapes().keySet().forEach(key -> view.add(key, semantic, semanticName(key)));
    return view;
  }

  /**
   * Returns the weights that a model's semantic layers begin with: the positions, and the first of
   * the layers.
   *
   * @param model sizes of the model's semantic layers; released models use one layer fewer than the
   *     checkpoint has
   * @return a view in 32-bit floats with the names of released checkpoints; ends with this
   *     checkpoint, closing it does nothing
   * @throws InvalidModelException if the sizes differ, or there are too few layers
   */
  public CheckpointWeights semanticLayers(Architecture.Semantic model) {
    Architecture.Semantic own = sizes.layers();
    if (own.layers() < model.layers()
        || own.hiddenSize() != model.hiddenSize()
        || own.heads() != model.heads()
        || own.feedForwardSize() != model.feedForwardSize()
        || own.normEpsilon() != model.normEpsilon()
        || own.positions() != model.positions()) {
      throw new InvalidModelException(
          "semantic layers of "
              + model
              + " cannot begin with those of SigLIP, which are "
              + own
              + "; all but the number of layers must agree, and there must be enough of them");
    }
    ComposedWeights view = new ComposedWeights();
    Set<String> keys = ModelKeys.semanticLayers(model).keySet();
    keys.forEach(key -> view.add(key, semantic, key));
    return view;
  }

  /**
   * Describes the checkpoint as a teacher, whose features are the output of one of its layers
   * without a final norm. Released models have semantic layers like all but the last.
   *
   * @param count layers that are computed
   * @return reads weights from this checkpoint
   * @throws InvalidRequestException if there are fewer layers
   */
  public TeacherRequest teacher(int count) {
    Architecture.Semantic own = sizes.layers();
    if (count < 1 || count > own.layers()) {
      throw new InvalidRequestException(
          "the teacher "
              + folder
              + " has "
              + own.layers()
              + " layers, "
              + count
              + " were asked for; ask for 1 to "
              + own.layers());
    }
    return new TeacherRequest(
        new Architecture.Semantic(
            own.hiddenSize(),
            count,
            own.heads(),
            own.feedForwardSize(),
            own.normEpsilon(),
            own.positions()),
        sizes.patchSize(),
        sizes.imageSize(),
        key -> semantic.readFloats(semanticName(key)));
  }

  /**
   * Identifies the weights.
   *
   * @return SHA-256 of those of {@link #shapes()} in 32-bit floats, which are read for it
   */
  public String hash() {
    MessageDigest digest = Sha256.newDigest();
    CheckpointWeights weights = weights();
    for (String name : weights.names()) {
      digest.update((name + weights.shape(name)).getBytes(StandardCharsets.UTF_8));
      try {
        weights.read(name, digest::update);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + folder + ": " + e.getMessage(), e);
      }
    }
    return Sha256.hex(digest.digest());
  }

  /** Closes the files. A second call does nothing. */
  @Override
  public void close() {
    semantic.close();
  }
}
