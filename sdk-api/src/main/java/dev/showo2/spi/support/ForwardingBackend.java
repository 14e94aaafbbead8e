package dev.showo2.spi.support;

import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
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
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A backend that forwards every method, default ones included, to another backend. Decorators
 * override what they change. Thread-safe, as its delegate is; closing it closes the delegate.
 *
 * <p>{@link #denoiseStep()} forwards too, and the delegate's step does not know the decorator. A
 * decorator that changes time embedding, fusion, backbone or flow head, or their tensors and
 * caches, therefore overrides it, with {@link #composedDenoiseStep()} for the composition of its
 * own stages; and its {@link #capabilities()} then say that the step is not fused.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public abstract class ForwardingBackend implements Backend {

  /** The backend that calls are forwarded to; closed with this one. */
  protected final Backend delegate;

  /**
   * Forwards to a backend.
   *
   * @param delegate closed with this one
   */
  protected ForwardingBackend(Backend delegate) {
    this.delegate = Objects.requireNonNull(delegate, "delegate");
  }

  /**
   * Composes the denoising step of this backend's own stages, as overridden.
   *
   * @return a step that asks this backend's accessors in each call
   */
  protected final DenoiseStep composedDenoiseStep() {
    return Backend.super.denoiseStep();
  }

  @Override
  public Capabilities capabilities() {
    return delegate.capabilities();
  }

  @Override
  public TextEmbedding textEmbedding() {
    return delegate.textEmbedding();
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    return delegate.timeEmbedding();
  }

  @Override
  public Fusion fusion() {
    return delegate.fusion();
  }

  @Override
  public Backbone backbone() {
    return delegate.backbone();
  }

  @Override
  public LanguageHead languageHead() {
    return delegate.languageHead();
  }

  @Override
  public FlowHead flowHead() {
    return delegate.flowHead();
  }

  @Override
  public VaeEncoder vaeEncoder() {
    return delegate.vaeEncoder();
  }

  @Override
  public VaeDecoder vaeDecoder() {
    return delegate.vaeDecoder();
  }

  @Override
  public DenoiseStep denoiseStep() {
    return delegate.denoiseStep();
  }

  @Override
  public Tensor upload(FloatBuffer values, Shape shape) {
    return delegate.upload(values, shape);
  }

  @Override
  public Tensor upload(HostTensor tensor) {
    return delegate.upload(tensor);
  }

  @Override
  public void close() {
    delegate.close();
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "(" + delegate + ")";
  }
}
