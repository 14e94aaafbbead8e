package dev.showo2.export.synthetic;

import dev.showo2.model.Architecture;
import dev.showo2.tensor.ElementType;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Parameters of a synthetic checkpoint.
 *
 * <p>Immutable and thread-safe; a setting can be added without breaking those who make one.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SyntheticRequest {

  /** The size at which Hugging Face's libraries split checkpoints. */
  public static final long DEFAULT_SHARD_BYTES = 5_000_000_000L;

  private static final Set<ElementType> TYPES =
      Set.of(ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16);

  private final Architecture architecture;
  private final long seed;
  private final Optional<Path> tokenizer;
  private final long shardBytes;
  private final ElementType type;
  private final CheckpointFormat format;

  private SyntheticRequest(
      Architecture architecture,
      long seed,
      Optional<Path> tokenizer,
      long shardBytes,
      ElementType type,
      CheckpointFormat format) {
    this.architecture = Objects.requireNonNull(architecture, "architecture");
    this.seed = seed;
    this.tokenizer = Objects.requireNonNull(tokenizer, "tokenizer");
    this.shardBytes = shardBytes;
    this.type = type;
    this.format = Objects.requireNonNull(format, "format");
    if (shardBytes < 1) {
      throw new IllegalArgumentException("shardBytes: at least 1 is needed, got " + shardBytes);
    }
    if (!TYPES.contains(type)) {
      throw new IllegalArgumentException("type: a float of 16 or 32 bits is needed, got " + type);
    }
  }

  /**
   * Makes a request with a synthetic tokenizer; 32-bit floats in safetensors files of the usual
   * size.
   *
   * @param architecture the sizes of the model
   * @param seed of the random numbers
   * @return the request
   */
  public static SyntheticRequest of(Architecture architecture, long seed) {
    return new SyntheticRequest(
        architecture,
        seed,
        Optional.empty(),
        DEFAULT_SHARD_BYTES,
        ElementType.FLOAT32,
        CheckpointFormat.SAFETENSORS);
  }

  /**
   * As {@link #of(Architecture, long)}, with a tokenizer that there is.
   *
   * @param architecture the sizes of the model
   * @param seed of the random numbers
   * @param tokenizer the tokenizer file
   * @return the request
   */
  public static SyntheticRequest of(Architecture architecture, long seed, Path tokenizer) {
    return of(architecture, seed).withTokenizer(tokenizer);
  }

  /**
   * {@return the same request with an existing tokenizer}
   *
   * @param file the file to write
   */
  public SyntheticRequest withTokenizer(Path file) {
    return new SyntheticRequest(architecture, seed, Optional.of(file), shardBytes, type, format);
  }

  /**
   * {@return the same request with weight files of another size}
   *
   * @param bytes largest size of a weight file in bytes
   */
  public SyntheticRequest withShardBytes(long bytes) {
    return new SyntheticRequest(architecture, seed, tokenizer, bytes, type, format);
  }

  /**
   * {@return the same request with weights of another type}
   *
   * @param elements element type of the weights
   */
  public SyntheticRequest withType(ElementType elements) {
    return new SyntheticRequest(architecture, seed, tokenizer, shardBytes, elements, format);
  }

  /**
   * {@return the same request with weight files of another format}
   *
   * @param files format of the weight files
   */
  public SyntheticRequest withFormat(CheckpointFormat files) {
    return new SyntheticRequest(architecture, seed, tokenizer, shardBytes, type, files);
  }

  /** {@return all sizes, among them whether embeddings are tied and how many rows they have} */
  public Architecture architecture() {
    return architecture;
  }

  /** {@return of the weights; every seed gives another model} */
  public long seed() {
    return seed;
  }

  /**
   * {@return a {@code tokenizer.json}, which is copied; with the tokens that Show-o2 adds it must
   * have as many as the embedding matrix has rows. Empty for a synthetic one}
   */
  public Optional<Path> tokenizer() {
    return tokenizer;
  }

  /**
   * {@return where a weight file ends and the next begins, at least 1; only a single tensor may
   * take more}
   */
  public long shardBytes() {
    return shardBytes;
  }

  /** {@return of all weights: FLOAT32, FLOAT16 or BFLOAT16} */
  public ElementType type() {
    return type;
  }

  /** {@return of the weight files} */
  public CheckpointFormat format() {
    return format;
  }
}
