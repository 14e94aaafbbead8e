package dev.showo2.train.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.architecture.ArchitectureReader;
import dev.showo2.export.internal.architecture.KeyCheck;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.checkpoint.HubCache;
import dev.showo2.export.internal.checkpoint.MappedWeights;
import dev.showo2.export.internal.checkpoint.PartFile;
import dev.showo2.export.internal.io.JsonFile;
import dev.showo2.model.Architecture;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.model.SafetensorsWriter.TensorSource;
import dev.showo2.tensor.Shape;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A checkpoint of Qwen2.5 as it is published, whose weights become the backbone. Its embedding
 * matrix may have more rows than the model has tokens; the first are taken, as the official code
 * does.
 */
final class QwenCheckpoint implements AutoCloseable {

  private static final String PREFIX = "showo.";
  private static final String EMBEDDING = "model.embed_tokens.weight";

  private final Path folder;
  private final CheckpointWeights weights;
  private final Architecture.Decoder sizes;

  private QwenCheckpoint(Path folder, CheckpointWeights weights, Architecture.Decoder sizes) {
    this.folder = folder;
    this.weights = weights;
    this.sizes = sizes;
  }

  /**
   * Opens a folder with {@code config.json} and weights, also one of Hugging Face's cache.
   *
   * @throws InvalidModelException if it is incomplete, damaged or another model
   */
  static QwenCheckpoint open(Path named) {
    Path folder = HubCache.resolve(named);
    CheckpointWeights stored = Checkpoints.open(folder);
    try {
      if (!stored.names().contains(EMBEDDING)) {
        throw new InvalidModelException(
            "the backbone "
                + folder
                + " has no '"
                + EMBEDDING
                + "'; a checkpoint of Qwen2.5 as it is published is expected");
      }
      CheckpointWeights weights = MappedWeights.rename(stored, key -> PREFIX + key);
      return new QwenCheckpoint(
          folder,
          weights,
          ArchitectureReader.backbone(
              what(folder), weights, JsonFile.read(folder.resolve("config.json"))));
    } catch (RuntimeException | Error e) {
      try (stored) {
        throw e;
      }
    }
  }

  private static String what(Path folder) {
    return "the backbone " + folder;
  }

  /** The sizes with another number of tokens. */
  Architecture.Decoder sizes(int vocabularySize) {
    return BackboneSizes.withVocabulary(sizes, vocabularySize);
  }

  /** Its tokenizer, if it is beside the weights. */
  Optional<Path> tokenizer() {
    return PartFile.TOKENIZER.in(folder);
  }

  /**
   * The weights of a model's backbone and language head by name.
   *
   * @throws InvalidModelException if a weight is missing or has another shape, or there are fewer
   *     rows than tokens
   */
  Map<String, TensorSource> weights(Architecture model) {
    Map<String, Shape> expected = new LinkedHashMap<>(ModelKeys.text(model));
    expected.replaceAll((key, shape) -> Shape.of(sizes.vocabularySize(), sizes.hiddenSize()));
    expected.putAll(ModelKeys.backbone(model));
    new KeyCheck()
        .compare(what(folder), weights, expected, Set.of(ModelKeys.LANGUAGE_HEAD))
        .requireNoDifference();
    int rows = model.backbone().vocabularySize();
    if (sizes.vocabularySize() < rows) {
      throw new InvalidModelException(
          what(folder)
              + " has an embedding matrix of "
              + sizes.vocabularySize()
              + " rows, the model has "
              + rows
              + " tokens; name a backbone and a tokenizer that belong together");
    }
    Map<String, TensorSource> sources = new HashMap<>();
    for (String key : expected.keySet()) {
      TensorSource values = ComposedWeights.floats(weights, key);
      sources.put(key, ModelKeys.text(model).containsKey(key) ? firstRows(values, rows) : values);
    }
    return sources;
  }

  private TensorSource firstRows(TensorSource values, int rows) {
    long bytes = (long) rows * sizes.hiddenSize() * Float.BYTES;
    return sink -> values.writeTo(limited(sink, bytes));
  }

  private static TensorSink limited(TensorSink sink, long bytes) {
    long[] left = {bytes};
    return chunk -> {
      int taken = (int) Math.min(left[0], chunk.remaining());
      if (taken > 0) {
        left[0] -= taken;
        sink.accept(chunk.limit(chunk.position() + taken));
      }
      // What is beyond the last row counts as taken, too.
      chunk.position(chunk.limit());
    };
  }

  @Override
  public void close() {
    weights.close();
  }
}
