package dev.showo2.train;

import dev.showo2.train.spi.MicroBatch;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The micro-batches of a run, one after the other. Not thread-safe; it may read ahead on threads of
 * its own.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface BatchSource extends AutoCloseable {

  /**
   * A micro-batch and the state of the source before the one that follows it.
   *
   * @param batch rows and latents, or latents and a teacher's features
   * @param origins of its rows, such as file and line, for messages
   * @param next resumes the source behind this micro-batch
   */
  record Drawn(MicroBatch batch, List<String> origins, String next) {}

  /**
   * Draws the next micro-batch.
   *
   * @return nothing at the end of a source that is not repeated
   * @throws dev.showo2.error.InvalidRequestException if data are broken and not to be skipped
   */
  Optional<Drawn> next();

  /**
   * Names the losses of the micro-batches, as metrics have them.
   *
   * @return "next_token" and "flow" unless it gives a teacher's features; then "distillation"
   */
  default List<String> losses() {
    return List.of("next_token", "flow");
  }

  /**
   * Returns the number of micro-batches of one pass over the data.
   *
   * @return at least 1
   */
  long batchesPerPass();

  /**
   * Goes to a position: what {@link #next()} gives from now on is what it would have given after
   * the micro-batch that brought the state, to the bit.
   *
   * @param state {@link Drawn#next()} of a source with the same data and settings
   * @throws dev.showo2.error.InvalidRequestException if the state is of other data or settings
   */
  void resume(String state);

  /** Ends threads and closes files. A second call does nothing. */
  @Override
  void close();
}
