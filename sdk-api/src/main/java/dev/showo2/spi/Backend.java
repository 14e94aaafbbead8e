package dev.showo2.spi;

import dev.showo2.spi.support.ComposedDenoiseStep;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.DenoiseStep;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import org.apiguardian.api.API;

/**
 * The stages of one bundle, ready to run on one engine.
 *
 * <p>A backend is shared by threads: accessors and stages may be called concurrently. The accessors
 * of stages that are not in {@link #capabilities()} throw {@link
 * dev.showo2.error.UnsupportedFeatureException}. Tensors and caches are closed before their
 * backend; using either after the backend was closed throws {@link IllegalStateException}.
 *
 * <p>A tensor or cache that another backend or stage made, and a tensor of another shape than its
 * stage documents, are refused with {@link IllegalArgumentException} before anything is computed.
 * What is closed is refused with {@link IllegalStateException}. Caches and streams are then as they
 * were before the call.
 *
 * <p>A call that cannot get the memory it needs throws {@link
 * dev.showo2.error.InsufficientMemoryException} and leaves nothing of itself behind: a smaller one
 * may still succeed, and the SDK relies on that where it turns to tiles.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface Backend extends AutoCloseable {

  /**
   * Returns the abilities of this backend with its bundle.
   *
   * @return the same for as long as the backend is open
   */
  Capabilities capabilities();

  /**
   * Returns the stage that embeds token ids.
   *
   * @return shared, as long as the backend is open
   * @throws dev.showo2.error.UnsupportedFeatureException without {@link
   *     dev.showo2.stage.Stage#TEXT_EMBEDDING}
   */
  TextEmbedding textEmbedding();

  /**
   * Returns the stage that embeds flow times.
   *
   * @return shared, as long as the backend is open
   * @throws dev.showo2.error.UnsupportedFeatureException without {@link
   *     dev.showo2.stage.Stage#TIME_EMBEDDING}
   */
  TimeEmbedding timeEmbedding();

  /**
   * Returns the stage that turns latents into image tokens.
   *
   * @return shared, as long as the backend is open
   * @throws dev.showo2.error.UnsupportedFeatureException without {@link
   *     dev.showo2.stage.Stage#FUSION}
   */
  Fusion fusion();

  /**
   * Returns the language model in the middle.
   *
   * @return shared, as long as the backend is open
   * @throws dev.showo2.error.UnsupportedFeatureException without {@link
   *     dev.showo2.stage.Stage#BACKBONE}
   */
  Backbone backbone();

  /**
   * Returns the stage that turns hidden states into logits.
   *
   * @return shared, as long as the backend is open
   * @throws dev.showo2.error.UnsupportedFeatureException without {@link
   *     dev.showo2.stage.Stage#LANGUAGE_HEAD}
   */
  LanguageHead languageHead();

  /**
   * Returns the stage that predicts velocities.
   *
   * @return shared, as long as the backend is open
   * @throws dev.showo2.error.UnsupportedFeatureException without {@link
   *     dev.showo2.stage.Stage#FLOW_HEAD}
   */
  FlowHead flowHead();

  /**
   * Returns the encoder, present when images or videos can be encoded; the method of the form that
   * is missing throws {@link dev.showo2.error.UnsupportedFeatureException}.
   *
   * @return shared, as long as the backend is open
   * @throws dev.showo2.error.UnsupportedFeatureException without both {@link
   *     dev.showo2.stage.Stage#VAE_IMAGE_ENCODER} and {@link
   *     dev.showo2.stage.Stage#VAE_VIDEO_ENCODER}
   */
  VaeEncoder vaeEncoder();

  /**
   * Returns the decoder, present when images or videos can be decoded; the method of the form that
   * is missing throws {@link dev.showo2.error.UnsupportedFeatureException}.
   *
   * @return shared, as long as the backend is open
   * @throws dev.showo2.error.UnsupportedFeatureException without both {@link
   *     dev.showo2.stage.Stage#VAE_IMAGE_DECODER} and {@link
   *     dev.showo2.stage.Stage#VAE_VIDEO_DECODER}
   */
  VaeDecoder vaeDecoder();

  /**
   * Returns the denoising step, guidance included. By default it is the composition of this
   * backend's time embedding, fusion, backbone and flow head, and a call throws {@link
   * dev.showo2.error.UnsupportedFeatureException} where one of these is absent. A backend that
   * fuses them overrides this and says so with {@link Capabilities#fusedDenoiseStep()}; it offers
   * the four stages all the same.
   *
   * @return shared, as long as the backend is open
   */
  default DenoiseStep denoiseStep() {
    return new ComposedDenoiseStep(this);
  }

  /**
   * Copies values, row-major, to where the backend computes. The backend may hold them in another
   * element type. The values begin at the buffer's position; position and limit stay as they are,
   * and what is written to the buffer afterwards does not matter.
   *
   * @param values 32-bit floats from the buffer's position on
   * @param shape of the tensor
   * @return a tensor of this backend; the caller closes it
   * @throws IllegalArgumentException if the shape has no elements, or the buffer fewer remaining
   *     than the shape needs
   */
  Tensor upload(FloatBuffer values, Shape shape);

  /**
   * Copies a host tensor to where the backend computes.
   *
   * @param tensor values and shape
   * @return a tensor of this backend; the caller closes it
   */
  default Tensor upload(HostTensor tensor) {
    return upload(FloatBuffer.wrap(tensor.values()), tensor.shape());
  }

  /** Frees everything in reverse order of opening. A second call does nothing. */
  @Override
  void close();
}
