package dev.showo2.spi.support;

import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A backbone that forwards every method, default ones included, to another backbone. Decorators
 * override what they change. Thread-safe, as its delegate is.
 *
 * <p>{@link #evaluateAll} forwards too, and does not pass through {@link #evaluate}. A decorator
 * that changes {@link #evaluate} therefore overrides it, with {@link #evaluateEach} where it has
 * nothing better to do.
 *
 * <p>Caches are the delegate's own. A decorator that wraps them overrides all methods, and gives
 * the delegate requests with its own caches again; see {@link ForwardingKvCache#delegateOf}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public abstract class ForwardingBackbone implements Backbone {

  /** The backbone that calls are forwarded to. */
  protected final Backbone delegate;

  /**
   * Forwards to a backbone.
   *
   * @param delegate of an open backend
   */
  protected ForwardingBackbone(Backbone delegate) {
    this.delegate = Objects.requireNonNull(delegate, "delegate");
  }

  /**
   * Runs several segments one after the other through this backbone's own {@link #evaluate}.
   *
   * @param requests any number
   * @return hidden states [Bᵢ, Sᵢ, D] in the order of the requests; the caller closes them. If a
   *     request fails, none is left open.
   */
  protected final List<Tensor> evaluateEach(List<BackboneRequest> requests) {
    return Backbone.super.evaluateAll(requests);
  }

  @Override
  public KvCache newCache(CacheRequest request) {
    return delegate.newCache(request);
  }

  @Override
  public Tensor append(BackboneRequest request) {
    return delegate.append(request);
  }

  @Override
  public Tensor evaluate(BackboneRequest request) {
    return delegate.evaluate(request);
  }

  @Override
  public List<Tensor> evaluateAll(List<BackboneRequest> requests) {
    return delegate.evaluateAll(requests);
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "(" + delegate + ")";
  }
}
