package dev.showo2.train.checkpoint;

import dev.showo2.model.Architecture;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The sizes of a model to begin a training with, and where its weights come from. Immutable; a
 * setting can be added without breaking those who make one.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class InitialRequest {

  /** Relation of the new model to another. */
  enum Origin {
    /** There is no other. */
    SIZES,
    /** Sizes, VAE and tokenizer are those of the other. */
    LIKE,
    /** So are all weights that do not depend on the backbone. */
    SCALED_UP
  }

  private final Origin origin;
  private final Optional<Architecture> sizes;
  private final Optional<Path> other;
  private final long seed;
  private Optional<Architecture.Decoder> backboneSizes = Optional.empty();
  private Optional<Path> backbone = Optional.empty();
  private Optional<Path> semantic = Optional.empty();
  private Optional<Path> vae = Optional.empty();
  private Optional<Path> tokenizer = Optional.empty();
  private ReleaseFormat format = ReleaseFormat.SAFETENSORS;
  private long shardBytes = ReleaseRequest.DEFAULT_SHARD_BYTES;

  private InitialRequest(
      Origin origin, Optional<Architecture> sizes, Optional<Path> other, long seed) {
    this.origin = origin;
    this.sizes = sizes;
    this.other = other;
    this.seed = seed;
  }

  private InitialRequest(InitialRequest before) {
    this(before.origin, before.sizes, before.other, before.seed);
    backboneSizes = before.backboneSizes;
    backbone = before.backbone;
    semantic = before.semantic;
    vae = before.vae;
    tokenizer = before.tokenizer;
    format = before.format;
    shardBytes = before.shardBytes;
  }

  /**
   * Makes a request for a model of given sizes. It needs a VAE, and a tokenizer.
   *
   * @param sizes of the model
   * @param seed of all weights that are drawn
   * @return the request
   */
  public static InitialRequest of(Architecture sizes, long seed) {
    return new InitialRequest(Origin.SIZES, Optional.of(sizes), Optional.empty(), seed);
  }

  /**
   * Makes a request for a model with sizes, VAE and tokenizer of another, of which no other weight
   * is taken.
   *
   * @param model checkpoint, or its bundle in a precision of floats
   * @param seed of all weights that are drawn
   * @return the request
   */
  public static InitialRequest like(Path model, long seed) {
    return new InitialRequest(Origin.LIKE, Optional.empty(), Optional.of(model), seed);
  }

  /**
   * Makes a request for a model with another, larger backbone that takes over what a smaller model
   * has learned: semantic layers, their embedding of latents, time embedding and flow head (SPEC
   * 10). Backbone, fusion and all projections begin anew. It needs a backbone, or its sizes.
   *
   * @param smaller checkpoint of the trained model, or its bundle in a precision of floats
   * @param seed of all weights that are drawn
   * @return the request
   */
  public static InitialRequest scaledUp(Path smaller, long seed) {
    return new InitialRequest(Origin.SCALED_UP, Optional.empty(), Optional.of(smaller), seed);
  }

  /**
   * Gives the backbone other sizes; its weights are drawn.
   *
   * @param value the replacement; the number of tokens is that of the tokenizer
   * @return the same request with them
   */
  public InitialRequest withBackboneSizes(Architecture.Decoder value) {
    InitialRequest request = new InitialRequest(this);
    request.backboneSizes = Optional.of(value);
    return request;
  }

  /**
   * Takes the weights of the backbone from a language model and, unless all sizes were given, its
   * sizes too.
   *
   * @param folder checkpoint of Qwen2.5 as it is published
   * @return the same request with it
   */
  public InitialRequest withBackbone(Path folder) {
    InitialRequest request = new InitialRequest(this);
    request.backbone = Optional.of(folder);
    return request;
  }

  /**
   * Takes the weights of the semantic layers from elsewhere: from SigLIP as it is published, or
   * from a trained model with the embedding of latents before them.
   *
   * @param folder checkpoint of SigLIP or of Show-o2, or a bundle in a precision of floats
   * @return the same request with it
   */
  public InitialRequest withSemanticLayers(Path folder) {
    InitialRequest request = new InitialRequest(this);
    request.semantic = Optional.of(folder);
    return request;
  }

  /**
   * Names the VAE, which is not trained.
   *
   * @param file of it, such as {@code Wan2.1_VAE.pth}, or a folder with it
   * @return the same request with it
   */
  public InitialRequest withVae(Path file) {
    InitialRequest request = new InitialRequest(this);
    request.vae = Optional.of(file);
    return request;
  }

  /**
   * Names the tokenizer. Unless it is named, it is the one beside the backbone's weights or, if
   * there is none, that of the other model.
   *
   * @param file {@code tokenizer.json}, or a folder with it
   * @return the same request with it
   */
  public InitialRequest withTokenizer(Path file) {
    InitialRequest request = new InitialRequest(this);
    request.tokenizer = Optional.of(file);
    return request;
  }

  /**
   * Chooses the weight files.
   *
   * @param files safetensors unless set
   * @param bytes of values after which another file begins, at least 1; {@link
   *     ReleaseRequest#DEFAULT_SHARD_BYTES} unless set
   * @return the same request with them
   * @throws IllegalArgumentException if the size is less than 1
   */
  public InitialRequest withFiles(ReleaseFormat files, long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("shard bytes: at least 1 is needed, found " + bytes);
    }
    InitialRequest request = new InitialRequest(this);
    request.format = Objects.requireNonNull(files, "files");
    request.shardBytes = bytes;
    return request;
  }

  Origin origin() {
    return origin;
  }

  Optional<Architecture> sizes() {
    return sizes;
  }

  Optional<Path> other() {
    return other;
  }

  long seed() {
    return seed;
  }

  Optional<Architecture.Decoder> backboneSizes() {
    return backboneSizes;
  }

  Optional<Path> backbone() {
    return backbone;
  }

  Optional<Path> semantic() {
    return semantic;
  }

  Optional<Path> vae() {
    return vae;
  }

  Optional<Path> tokenizer() {
    return tokenizer;
  }

  ReleaseFormat format() {
    return format;
  }

  long shardBytes() {
    return shardBytes;
  }
}
