package dev.showo2.spi;

import dev.showo2.stage.Backbone;
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

  /** What this backend can do with its bundle; the same for as long as it is open. */
  Capabilities capabilities();

  TextEmbedding textEmbedding();

  TimeEmbedding timeEmbedding();

  Fusion fusion();

  Backbone backbone();

  LanguageHead languageHead();

  FlowHead flowHead();

  /**
   * Present when images or videos can be encoded; the method of the form that is missing throws
   * {@link dev.showo2.error.UnsupportedFeatureException}.
   */
  VaeEncoder vaeEncoder();

  /**
   * Present when images or videos can be decoded; the method of the form that is missing throws
   * {@link dev.showo2.error.UnsupportedFeatureException}.
   */
  VaeDecoder vaeDecoder();

  /**
   * Copies values, row-major, to where the backend computes. The backend may hold them in another
   * element type. The values begin at the buffer's position; position and limit stay as they are,
   * and what is written to the buffer afterwards does not matter.
   *
   * @throws IllegalArgumentException if the shape has no elements, or the buffer fewer remaining
   *     than the shape needs
   */
  Tensor upload(FloatBuffer values, Shape shape);

  /** Copies a host tensor to where the backend computes. */
  default Tensor upload(HostTensor tensor) {
    return upload(FloatBuffer.wrap(tensor.values()), tensor.shape());
  }

  /** Frees everything in reverse order of opening. A second call does nothing. */
  @Override
  void close();
}
