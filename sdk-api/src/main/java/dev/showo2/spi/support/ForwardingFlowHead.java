package dev.showo2.spi.support;

import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A flow head that forwards every method, default ones included, to another flow head. Decorators
 * override what they change. Thread-safe, as its delegate is.
 *
 * <p>{@link #velocityAll} forwards too, and does not pass through {@link #velocity}. A decorator
 * that changes {@link #velocity} therefore overrides it, with {@link #velocityEach} where it has
 * nothing better to do.
 *
 * <p>Caches are the delegate's own. A decorator that wraps them overrides all methods, and gives
 * the delegate requests with its own caches again; see {@link ForwardingKvCache#delegateOf}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public abstract class ForwardingFlowHead implements FlowHead {

  /** The flow head that calls are forwarded to. */
  protected final FlowHead delegate;

  /**
   * Forwards to a flow head.
   *
   * @param delegate of an open backend
   */
  protected ForwardingFlowHead(FlowHead delegate) {
    this.delegate = Objects.requireNonNull(delegate, "delegate");
  }

  /**
   * Runs several spans one after the other through this flow head's own {@link #velocity}.
   *
   * @param requests any number
   * @return velocities per token [Bᵢ, Lᵢ, p·p·C] in the order of the requests; the caller closes
   *     them. If a request fails, none is left open.
   */
  protected final List<Tensor> velocityEach(List<FlowHeadRequest> requests) {
    return FlowHead.super.velocityAll(requests);
  }

  @Override
  public KvCache newCache(CacheRequest request) {
    return delegate.newCache(request);
  }

  @Override
  public void append(FlowHeadRequest request) {
    delegate.append(request);
  }

  @Override
  public Tensor velocity(FlowHeadRequest request) {
    return delegate.velocity(request);
  }

  @Override
  public List<Tensor> velocityAll(List<FlowHeadRequest> requests) {
    return delegate.velocityAll(requests);
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "(" + delegate + ")";
  }
}
