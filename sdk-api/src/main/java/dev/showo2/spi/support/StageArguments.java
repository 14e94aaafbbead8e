package dev.showo2.spi.support;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.model.Architecture;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Checks of what the stages of one backend are given: one method per stage call, which returns the
 * arguments as the backend's own types with the sizes that an engine needs. Immutable and
 * thread-safe.
 *
 * <p>A tensor or cache of another backend or stage, and a tensor of another shape than the model's,
 * is refused with {@link IllegalArgumentException}, a closed one with {@link
 * IllegalStateException}. Called within {@link BackendLifetime#call}, the checks hold until the
 * call ends.
 *
 * @param <T> type of the backend's tensors
 * @param <C> type of the backend's KV caches
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class StageArguments<T extends AbstractTensor, C extends AbstractKvCache> {

  private static final long ANY = -1;
  private static final int COLORS = 3;

  private final Architecture architecture;
  private final OwnedArguments<T, C> owned;

  /**
   * Makes the checks of one backend.
   *
   * @param architecture sizes of the model
   * @param lifetime of the backend
   * @param tensors type of the backend's tensors
   * @param caches type of the backend's KV caches
   */
  public StageArguments(
      Architecture architecture, BackendLifetime lifetime, Class<T> tensors, Class<C> caches) {
    this.architecture = Objects.requireNonNull(architecture, "architecture");
    this.owned =
        new OwnedArguments<>(
            Objects.requireNonNull(lifetime, "lifetime"),
            Objects.requireNonNull(tensors, "tensors"),
            Objects.requireNonNull(caches, "caches"));
  }

  /**
   * Tells whose arguments are checked.
   *
   * @return the lifetime of the backend
   */
  public BackendLifetime lifetime() {
    return owned.lifetime();
  }

  /**
   * Checks the arguments of {@code Backend.upload}.
   *
   * @param values source of the values
   * @param shape of the tensor
   * @throws IllegalArgumentException if the shape has no elements, or the buffer has fewer
   *     remaining than the shape
   */
  public static void checkUpload(FloatBuffer values, Shape shape) {
    if (shape.elementCount() == 0) {
      throw new IllegalArgumentException("a shape with values is needed, found " + shape);
    }
    if (values.remaining() < shape.elementCount()) {
      throw new IllegalArgumentException(
          shape
              + " needs "
              + shape.elementCount()
              + " values, the buffer has "
              + values.remaining());
    }
  }

  /**
   * Checks the arguments of {@code TextEmbedding.embed}.
   *
   * @param request ids [B, S]
   * @return the B · S ids, row by row
   * @throws InvalidRequestException if an id is not in the vocabulary
   */
  public int[] textEmbedding(TextEmbeddingRequest request) {
    int vocabulary = architecture.backbone().vocabularySize();
    int[] flat = new int[request.ids().length * request.ids()[0].length];
    int next = 0;
    for (int[] row : request.ids()) {
      for (int id : row) {
        if (id < 0 || id >= vocabulary) {
          throw new InvalidRequestException(
              "token ids go from 0 to " + (vocabulary - 1) + ", found " + id);
        }
        flat[next++] = id;
      }
    }
    return flat;
  }

  /**
   * The arguments of {@code Fusion.fuse}.
   *
   * @param <T> type of the backend's tensors
   * @param latents [B, C, T, h, w]
   * @param batch B
   * @param frames T
   * @param tokens of one frame: h / p rows of w / p columns
   * @param resized to this grid afterwards, if present
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record FusionArguments<T>(
      T latents, int batch, int frames, TokenGrid tokens, Optional<TokenGrid> resized) {}

  /**
   * Checks the arguments of {@code Fusion.fuse}.
   *
   * @param request latents whose height and width are multiples of the patch size; if the
   *     checkpoint does not interpolate positions, with as many tokens as it has positions
   * @return the checked arguments
   */
  public FusionArguments<T> fusion(FusionRequest request) {
    int channels = architecture.vae().latentChannels();
    int patch = architecture.patchSize();
    T latents =
        owned.planes(
            request.latents(),
            "latents [B, " + channels + ", T, h, w]",
            patch,
            ANY,
            channels,
            ANY,
            ANY,
            ANY);
    Shape shape = latents.shape();
    TokenGrid grid =
        new TokenGrid(
            Math.toIntExact(shape.dimension(3) / patch),
            Math.toIntExact(shape.dimension(4) / patch));
    if (!architecture.interpolatesPositions()
        && grid.tokens() != architecture.imageGrid().tokens()) {
      throw new IllegalArgumentException(
          "latents: this checkpoint has positions for "
              + architecture.imageGrid()
              + " tokens only, found "
              + grid);
    }
    return new FusionArguments<>(latents, size(shape, 0), size(shape, 2), grid, request.grid());
  }

  /**
   * The arguments of {@code Backbone.append} and {@code Backbone.evaluate}.
   *
   * @param <T> type of the backend's tensors
   * @param <C> type of the backend's KV caches
   * @param cache open, of the backbone, for B sequences
   * @param parts of the segment, each [B, Sᵢ, D]
   * @param batch B
   * @param length S, the sum of all Sᵢ
   * @param attention of the segment's positions among each other
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record BackboneArguments<T, C>(
      C cache, List<T> parts, int batch, int length, Attention attention) {}

  /**
   * Checks the arguments of {@code Backbone.append} and {@code Backbone.evaluate}.
   *
   * @param request cache and embeddings [B, Sᵢ, D]
   * @return the checked arguments
   */
  public BackboneArguments<T, C> backbone(BackboneRequest request) {
    int width = architecture.backbone().hiddenSize();
    List<T> parts = new ArrayList<>();
    long batch = ANY;
    long length = 0;
    for (Tensor part : request.embeddings()) {
      String what = "embeddings [" + (batch == ANY ? "B" : batch) + ", S, " + width + "]";
      T checked = tensor(part, what, batch, ANY, width);
      parts.add(checked);
      batch = checked.shape().dimension(0);
      length += checked.shape().dimension(1);
    }
    C cache = owned.cache(request.cache(), Stage.BACKBONE, batch);
    return new BackboneArguments<>(
        cache,
        List.copyOf(parts),
        Math.toIntExact(batch),
        Math.toIntExact(length),
        request.attention());
  }

  /**
   * The arguments of {@code LanguageHead.logits}.
   *
   * @param <T> type of the backend's tensors
   * @param hidden hidden states [B, S, D]
   * @param batch B
   * @param length S
   * @param firstPosition 0 for the logits of all positions, S − 1 for the last one alone
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record LanguageHeadArguments<T>(T hidden, int batch, int length, int firstPosition) {}

  /**
   * Checks the arguments of {@code LanguageHead.logits}.
   *
   * @param request hidden states [B, S, D]
   * @return the checked arguments
   */
  public LanguageHeadArguments<T> languageHead(LanguageHeadRequest request) {
    T hidden = hidden(request.hidden());
    int length = size(hidden.shape(), 1);
    return new LanguageHeadArguments<>(
        hidden, size(hidden.shape(), 0), length, request.lastOnly() ? length - 1 : 0);
  }

  /**
   * The arguments of {@code FlowHead.append} and {@code FlowHead.velocity}.
   *
   * @param <T> type of the backend's tensors
   * @param <C> type of the backend's KV caches
   * @param cache open, of the flow head, for B sequences
   * @param hidden hidden states [B, S, D]
   * @param time time vectors [B, H] that modulate the segment, or none
   * @param batch B
   * @param length S
   * @param attention of the segment's positions among each other
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record FlowHeadArguments<T, C>(
      C cache, T hidden, Optional<T> time, int batch, int length, Attention attention) {}

  /**
   * Checks the arguments of {@code FlowHead.append}.
   *
   * @param request cache, hidden states [B, S, D], and time vectors [B, H] or none
   * @return the checked arguments
   */
  public FlowHeadArguments<T, C> append(FlowHeadRequest request) {
    T hidden = hidden(request.hidden());
    long batch = hidden.shape().dimension(0);
    int width = architecture.flowHead().hiddenSize();
    Optional<T> time =
        request
            .time()
            .map(vector -> tensor(vector, "time [" + batch + ", " + width + "]", batch, width));
    C cache = owned.cache(request.cache(), Stage.FLOW_HEAD, batch);
    return new FlowHeadArguments<>(
        cache, hidden, time, Math.toIntExact(batch), size(hidden.shape(), 1), request.attention());
  }

  /**
   * Checks the arguments of {@code FlowHead.velocity}.
   *
   * @param request as for {@link #append}, with a time token and at least one image token
   * @return the checked arguments
   */
  public FlowHeadArguments<T, C> velocity(FlowHeadRequest request) {
    FlowHeadArguments<T, C> checked = append(request);
    if (checked.length() < 2) {
      throw new IllegalArgumentException(
          "hidden: a time token and at least one image token are needed, found "
              + request.hidden().shape());
    }
    return checked;
  }

  /**
   * Checks the argument of {@code VaeEncoder.encodeImage}.
   *
   * @param pixels [B, 3, 1, H, W], H and W multiples of 8
   * @return the pixels
   */
  public T imagePixels(Tensor pixels) {
    return owned.planes(
        pixels,
        "pixels [B, 3, 1, H, W]",
        Architecture.VAE_SPATIAL_FACTOR,
        ANY,
        COLORS,
        1,
        ANY,
        ANY);
  }

  /**
   * Checks the argument of {@code VaeDecoder.decodeImage}.
   *
   * @param latents [B, C, 1, h, w]
   * @return the latents
   */
  public T imageLatents(Tensor latents) {
    int channels = architecture.vae().latentChannels();
    return tensor(latents, "latents [B, " + channels + ", 1, h, w]", ANY, channels, 1, ANY, ANY);
  }

  /**
   * The next chunk of a stream.
   *
   * @param first shape of the first chunk, or null for that one itself
   */
  T chunk(Stage stage, Tensor chunk, Shape first) {
    boolean encoder = stage == Stage.VAE_VIDEO_ENCODER;
    if (first == null) {
      return encoder ? imagePixels(chunk) : imageLatents(chunk);
    }
    int channels = encoder ? COLORS : architecture.vae().latentChannels();
    int frames = encoder ? Architecture.VAE_TEMPORAL_FACTOR : 1;
    String what =
        (encoder ? "pixels [B, 3, " + frames + ", H, W]" : "latents [B, " + channels + ", 1, h, w]")
            + " of the batch and size of the first chunk "
            + first;
    return tensor(
        chunk, what, first.dimension(0), channels, frames, first.dimension(3), first.dimension(4));
  }

  private T hidden(Tensor hidden) {
    int width = architecture.backbone().hiddenSize();
    return tensor(hidden, "hidden [B, S, " + width + "]", ANY, ANY, width);
  }

  /**
   * Checks owner, shape and state of any tensor.
   *
   * @param tensor argument of a stage
   * @param what names the argument in messages, with the shape it should have
   * @param expected its shape; a negative size means any from 1
   * @return the tensor
   */
  public T tensor(Tensor tensor, String what, long... expected) {
    return owned.tensor(tensor, what, expected);
  }

  private static int size(Shape shape, int axis) {
    return Math.toIntExact(shape.dimension(axis));
  }
}
