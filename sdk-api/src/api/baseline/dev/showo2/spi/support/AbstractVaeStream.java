package dev.showo2.spi.support;

public abstract class AbstractVaeStream<T extends AbstractTensor> implements AutoCloseable {
  protected AbstractVaeStream(StageArguments<T, ?> arguments, dev.showo2.stage.Stage stage) { super(); throw null; }
  protected abstract void release();
  protected final boolean isAtStart() { throw null; }
  protected final <R> R next(dev.showo2.tensor.Tensor chunk, java.util.function.Function<T, R> pass) { throw null; }
  public final void close() { throw null; }
}
