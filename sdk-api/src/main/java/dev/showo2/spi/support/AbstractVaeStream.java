package dev.showo2.spi.support;

import dev.showo2.stage.Stage;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.Objects;
import java.util.function.Function;
import org.apiguardian.api.API;

/**
 * A video that the VAE processes chunk by chunk: checks the order and shape of its chunks and
 * whether it is closed. The first chunk has one frame; later ones of pixels have four, of latents
 * one, and the batch and size of the first. After a failure the stream is as it was before. Not
 * thread-safe.
 *
 * @param <T> type of the backend's tensors
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public abstract class AbstractVaeStream<T extends AbstractTensor> implements AutoCloseable {

  private final StageArguments<T, ?> arguments;
  private final Stage stage;
  private Shape first;
  private boolean closed;

  /**
   * Begins a video.
   *
   * @param arguments checks of the backend
   * @param stage {@link Stage#VAE_VIDEO_ENCODER} or {@link Stage#VAE_VIDEO_DECODER}
   * @throws IllegalArgumentException if it is another stage
   * @throws IllegalStateException if the backend is closed
   */
  protected AbstractVaeStream(StageArguments<T, ?> arguments, Stage stage) {
    this.arguments = Objects.requireNonNull(arguments, "arguments");
    if (stage != Stage.VAE_VIDEO_ENCODER && stage != Stage.VAE_VIDEO_DECODER) {
      throw new IllegalArgumentException("stage " + stage.id() + " has no streams");
    }
    this.stage = stage;
    arguments.lifetime().run(arguments.lifetime()::resourceOpened);
  }

  /** Frees what the stream keeps of earlier chunks; called once, on closing. Throws nothing. */
  protected abstract void release();

  /**
   * Tells which of two graphs an engine runs.
   *
   * @return whether the next chunk is the first one
   */
  protected final boolean isAtStart() {
    return first == null;
  }

  /**
   * Checks the next chunk and runs it while the backend is open.
   *
   * @param <R> type of the result
   * @param chunk argument of {@code encode} or {@code decode}
   * @param pass computes the result and keeps what the next chunk needs, or throws and keeps what
   *     was kept before
   * @return what the pass returns
   * @throws IllegalStateException if the stream, the chunk or the backend is closed
   * @throws IllegalArgumentException if the chunk belongs to another backend or has another shape
   *     than is due
   */
  protected final <R> R next(Tensor chunk, Function<T, R> pass) {
    return arguments
        .lifetime()
        .call(
            () -> {
              if (closed) {
                throw new IllegalStateException("the stream of stage " + stage.id() + " is closed");
              }
              T checked = arguments.chunk(stage, chunk, first);
              R result = pass.apply(checked);
              if (first == null) {
                first = checked.shape();
              }
              return result;
            });
  }

  @Override
  public final void close() {
    if (!closed) {
      closed = true;
      arguments.lifetime().resourceClosed();
      release();
    }
  }
}
