package dev.showo2.conformance.wrapper;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.spi.support.ForwardingBackend;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.DenoiseStep;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/**
 * A backend that computes what the one underneath does, and checks both sides of every call: that
 * callers bring what the SPI asks for, and that the backend gives what it promises. Whoever breaks
 * the contract is named in an {@link AssertionError}, with the call, what was expected and what was
 * found.
 *
 * <ul>
 *   <li>Callers: arguments are there, belong to this backend, are open and of the right shapes;
 *       caches belong to the stage; caches and streams are not used concurrently; nothing is used
 *       or left open after it was closed.
 *   <li>Backends: results are there, new and of the promised shapes; caches are as long as they
 *       should be; tensors never change and are read as promised; stages are absent exactly where
 *       the capabilities say so; failures are {@link dev.showo2.error.ShowO2Exception}, {@link
 *       IllegalArgumentException} or {@link IllegalStateException}.
 * </ul>
 *
 * <p>Values are not judged. Calls that break the caller's side do not reach the backend, so what a
 * backend says to them is tested without this wrapper.
 *
 * <p>Thread-safe, as the SPI asks of every backend.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AssertingBackend extends ForwardingBackend {

  private final Watch watch;

  private AssertingBackend(Watch watch) {
    super(watch.backend());
    this.watch = watch;
  }

  /**
   * Wraps a backend.
   *
   * @param backend is closed with the one returned
   * @param bundle that the backend was opened with
   * @return a backend that checks both sides of each call
   */
  public static AssertingBackend around(Backend backend, Bundle bundle) {
    Objects.requireNonNull(backend, "backend");
    return new AssertingBackend(new Watch(backend, bundle.architecture()));
  }

  /**
   * Goes on if nothing has to be closed any more.
   *
   * @throws AssertionError naming what is open by kind and shape; its cause is the stack on which
   *     the first of it was opened
   */
  public void requireNothingOpen() {
    watch.handles().requireNone("AssertingBackend.requireNothingOpen");
  }

  /** {@return tensors, caches and streams that somebody still has to close} */
  public int openHandles() {
    return watch.handles().count();
  }

  @Override
  public Capabilities capabilities() {
    try (Call call = watch.begin("Backend.capabilities")) {
      Capabilities found = call.runAny(super::capabilities);
      call.backendOwes(
          watch.capabilities().equals(found), "the same as before, " + watch.capabilities(), found);
      return found;
    }
  }

  @Override
  public TextEmbedding textEmbedding() {
    return stage(
        "textEmbedding",
        super::textEmbedding,
        AssertingStages.AssertingTextEmbedding::new,
        Stage.TEXT_EMBEDDING);
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    return stage(
        "timeEmbedding",
        super::timeEmbedding,
        AssertingStages.AssertingTimeEmbedding::new,
        Stage.TIME_EMBEDDING);
  }

  @Override
  public Fusion fusion() {
    return stage("fusion", super::fusion, AssertingStages.AssertingFusion::new, Stage.FUSION);
  }

  @Override
  public Backbone backbone() {
    return stage("backbone", super::backbone, AssertingBackbone::new, Stage.BACKBONE);
  }

  @Override
  public LanguageHead languageHead() {
    return stage(
        "languageHead",
        super::languageHead,
        AssertingStages.AssertingLanguageHead::new,
        Stage.LANGUAGE_HEAD);
  }

  @Override
  public FlowHead flowHead() {
    return stage("flowHead", super::flowHead, AssertingFlowHead::new, Stage.FLOW_HEAD);
  }

  @Override
  public VaeEncoder vaeEncoder() {
    return stage(
        "vaeEncoder",
        super::vaeEncoder,
        AssertingVaeEncoder::new,
        Stage.VAE_IMAGE_ENCODER,
        Stage.VAE_VIDEO_ENCODER);
  }

  @Override
  public VaeDecoder vaeDecoder() {
    return stage(
        "vaeDecoder",
        super::vaeDecoder,
        AssertingVaeDecoder::new,
        Stage.VAE_IMAGE_DECODER,
        Stage.VAE_VIDEO_DECODER);
  }

  /** A fused step is checked as a whole, a composed one stage by stage. */
  @Override
  public DenoiseStep denoiseStep() {
    if (!watch.capabilities().fusedDenoiseStep()) {
      return composedDenoiseStep();
    }
    try (Call call = watch.begin("Backend.denoiseStep")) {
      DenoiseStep step = call.runAny(super::denoiseStep);
      call.backendOwes(step != null, "a denoising step", null);
      return new AssertingStages.AssertingDenoiseStep(watch, step);
    }
  }

  private <S> S stage(
      String name, Supplier<S> accessor, BiFunction<Watch, S, S> wrapper, Stage... anyOf) {
    try (Call call = watch.begin("Backend." + name)) {
      boolean present = watch.supports(anyOf);
      S stage;
      try {
        stage = call.runAny(accessor);
      } catch (UnsupportedFeatureException e) {
        if (present) {
          throw Failures.unexpected("Backend." + name, "a stage that the capabilities name", e);
        }
        throw e;
      }
      call.backendOwes(
          present,
          "an UnsupportedFeatureException for a stage that the capabilities do not name",
          stage);
      call.backendOwes(stage != null, "a stage", null);
      return wrapper.apply(watch, stage);
    }
  }

  @Override
  public Tensor upload(FloatBuffer values, Shape shape) {
    try (Call call = watch.begin("Backend.upload")) {
      call.requirePresent("values", values);
      call.requirePresent("shape", shape);
      call.callerOwes(
          values.remaining() >= shape.elementCount(),
          "a buffer with " + shape.elementCount() + " elements remaining",
          values);
      Tensor tensor = call.run(() -> super.upload(values, shape));
      return call.done(call.given("a tensor", tensor, shape.toArray()));
    }
  }

  @Override
  public Tensor upload(HostTensor values) {
    try (Call call = watch.begin("Backend.upload")) {
      call.requirePresent("values", values);
      Tensor tensor = call.run(() -> super.upload(values));
      return call.done(call.given("a tensor", tensor, values.shape().toArray()));
    }
  }

  /**
   * Closes the backend underneath, each time.
   *
   * @throws AssertionError the first time, if something is still open: of what kind and shape, and
   *     as the cause where the first of it was opened
   */
  @Override
  public void close() {
    boolean first = watch.markClosed();
    try {
      super.close();
    } catch (RuntimeException | Error e) {
      throw Failures.unexpected("Backend.close", "a close that throws nothing", e);
    }
    if (first) {
      watch.handles().requireNone("Backend.close");
    }
  }
}
