package dev.showo2.train.checkpoint;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The model that a training began with, and the files that its result is written to. Immutable; a
 * setting can be added without breaking those who make one.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ReleaseRequest {

  /** Bytes of values in a weight file unless set: 10 GB, as the official code splits files. */
  public static final long DEFAULT_SHARD_BYTES = 10_000_000_000L;

  private final Path start;
  private final Optional<Path> vae;
  private final Optional<Path> tokenizer;
  private final ReleaseFormat format;
  private final long shardBytes;

  private ReleaseRequest(
      Path start,
      Optional<Path> vae,
      Optional<Path> tokenizer,
      ReleaseFormat format,
      long shardBytes) {
    this.start = Objects.requireNonNull(start, "start");
    this.vae = Objects.requireNonNull(vae, "vae");
    this.tokenizer = Objects.requireNonNull(tokenizer, "tokenizer");
    this.format = Objects.requireNonNull(format, "format");
    this.shardBytes = shardBytes;
  }

  /**
   * Makes a request for safetensors files of {@link #DEFAULT_SHARD_BYTES}.
   *
   * @param start the checkpoint that training began with, or its bundle in a precision of floats:
   *     it brings sizes, VAE and tokenizer, and each weight that was not trained
   * @return the request
   */
  public static ReleaseRequest of(Path start) {
    return new ReleaseRequest(
        start, Optional.empty(), Optional.empty(), ReleaseFormat.SAFETENSORS, DEFAULT_SHARD_BYTES);
  }

  /**
   * Names the parts of a checkpoint that are elsewhere; a bundle has its own.
   *
   * @param vae file or folder of the VAE; empty where it is in the checkpoint's folder
   * @param tokenizer file or folder of the tokenizer; empty where it is in the checkpoint's folder
   * @return the same request with these parts
   */
  public ReleaseRequest withParts(Optional<Path> vae, Optional<Path> tokenizer) {
    return new ReleaseRequest(start, vae, tokenizer, format, shardBytes);
  }

  /**
   * Chooses the format of the weight files.
   *
   * @param value the replacement
   * @return the same request with it
   */
  public ReleaseRequest withFormat(ReleaseFormat value) {
    return new ReleaseRequest(start, vae, tokenizer, value, shardBytes);
  }

  /**
   * Limits the size of a weight file.
   *
   * @param value bytes of values after which another file begins, at least 1; only a single tensor
   *     may take more
   * @return the same request with it
   * @throws IllegalArgumentException if it is less than 1
   */
  public ReleaseRequest withShardBytes(long value) {
    if (value < 1) {
      throw new IllegalArgumentException("shard bytes: at least 1 is needed, found " + value);
    }
    return new ReleaseRequest(start, vae, tokenizer, format, value);
  }

  /**
   * Returns what training began with.
   *
   * @return folder of a checkpoint or bundle
   */
  public Path start() {
    return start;
  }

  /**
   * Returns the VAE where it is not in the checkpoint's folder.
   *
   * @return file or folder
   */
  public Optional<Path> vae() {
    return vae;
  }

  /**
   * Returns the tokenizer where it is not in the checkpoint's folder.
   *
   * @return file or folder
   */
  public Optional<Path> tokenizer() {
    return tokenizer;
  }

  /**
   * Returns the format of the weight files.
   *
   * @return safetensors unless set
   */
  public ReleaseFormat format() {
    return format;
  }

  /**
   * Returns where a weight file ends and the next begins.
   *
   * @return bytes of values, at least 1
   */
  public long shardBytes() {
    return shardBytes;
  }
}
