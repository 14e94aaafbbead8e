package dev.showo2.samples.demo;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.spi.support.Closer;
import dev.showo2.text.TextTokenizer;
import dev.showo2.train.BatchSource;
import dev.showo2.train.data.TrainingBatches;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Batches of several tasks, one after the other in the order of a mix. Not thread-safe. */
final class TaskBatches implements BatchSource {

  private static final Gson GSON = new Gson();

  private final TaskMix mix;
  private final Map<DemoTask, TrainingBatches> sources = new EnumMap<>(DemoTask.class);
  private final Closer closer = new Closer();
  private Position position = new Position(0, Map.of());

  /**
   * The position in all tasks.
   *
   * @param drawn number of batches
   * @param states of the tasks that were drawn from, by their keys
   */
  private record Position(long drawn, Map<String, String> states) {

    Position after(DemoTask task, String state) {
      Map<String, String> all = new TreeMap<>(states);
      all.put(task.key(), state);
      return new Position(drawn + 1, all);
    }
  }

  private TaskBatches(TaskMix mix) {
    this.mix = mix;
  }

  /**
   * @param seed of world, order and noise
   * @param backend encodes images
   */
  static TaskBatches open(
      TaskMix mix, long seed, TextTokenizer tokenizer, Architecture architecture, Backend backend) {
    TaskBatches batches = new TaskBatches(mix);
    try {
      for (DemoTask task : mix.tasks()) {
        batches.sources.put(
            task, batches.closer.add(task.data(seed, tokenizer, architecture).open(backend)));
      }
      return batches;
    } catch (RuntimeException | Error e) {
      batches.close();
      throw e;
    }
  }

  @Override
  public Optional<Drawn> next() {
    DemoTask task = mix.at(position.drawn());
    Optional<Drawn> drawn = sources.get(task).next();
    return drawn.map(
        batch -> {
          position = position.after(task, batch.next());
          return new Drawn(batch.batch(), batch.origins(), GSON.toJson(position));
        });
  }

  @Override
  public long batchesPerPass() {
    return sources.values().stream().mapToLong(BatchSource::batchesPerPass).sum();
  }

  /** Tasks that were not drawn from before are where they begin, so this comes before the first. */
  @Override
  public void resume(String state) {
    Position resumed;
    try {
      resumed = GSON.fromJson(state, Position.class);
    } catch (JsonSyntaxException e) {
      resumed = null;
    }
    if (resumed == null || resumed.states() == null || resumed.drawn() < 0) {
      throw new InvalidRequestException(
          "expected the position of a training of several tasks, found another; begin a new run");
    }
    if (position.drawn() > 0) {
      throw new IllegalStateException("batches were drawn before");
    }
    for (DemoTask task : mix.tasks()) {
      String own = resumed.states().get(task.key());
      if (own != null) {
        sources.get(task).resume(own);
      }
    }
    position = resumed;
  }

  @Override
  public void close() {
    closer.close();
  }
}
