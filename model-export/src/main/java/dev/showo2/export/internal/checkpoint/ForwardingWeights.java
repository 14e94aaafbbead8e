package dev.showo2.export.internal.checkpoint;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Weights that describe and close others. Reading and comparing values is left to the heirs, since
 * it is what they change.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public abstract class ForwardingWeights implements CheckpointWeights {

  /** The weights that are described. */
  protected final CheckpointWeights delegate;

  /**
   * Takes weights over.
   *
   * @param delegate is closed with these
   */
  protected ForwardingWeights(CheckpointWeights delegate) {
    this.delegate = delegate;
  }

  @Override
  public final Set<String> names() {
    return delegate.names();
  }

  @Override
  public final Map<String, String> unreadable() {
    return delegate.unreadable();
  }

  @Override
  public final Shape shape(String name) {
    return delegate.shape(name);
  }

  @Override
  public final ElementType type(String name) {
    return delegate.type(name);
  }

  @Override
  public final String sharedWith(String name) {
    return delegate.sharedWith(name);
  }

  @Override
  public final void close() {
    delegate.close();
  }
}
