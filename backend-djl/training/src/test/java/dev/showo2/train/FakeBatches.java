package dev.showo2.train;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.TrainingBatch;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Batches of a row with a random token, which depends on the seed and on all that precede. */
final class FakeBatches implements BatchSource {

  private final String name;
  private final long size;
  private long drawn;
  private long state;

  FakeBatches(String name, long seed, long size) {
    this.name = name;
    this.state = seed;
    this.size = size;
  }

  @Override
  public Optional<Drawn> next() {
    if (drawn == size) {
      return Optional.empty();
    }
    Random random = new Random(state);
    int token = random.nextInt(100);
    state = random.nextLong();
    drawn++;
    int[] labels = {TrainingBatch.NO_LABEL, 1};
    TrainingBatch.Row row =
        new TrainingBatch.Row(
            new int[] {token, 1}, labels, new boolean[2], List.of(TrainingBatch.Span.NONE));
    Shape shape = Shape.of(1, 1, 1, 1);
    HostTensor nothing = HostTensor.zeros(shape);
    return Optional.of(
        new Drawn(
            new TrainingBatch(List.of(row), nothing, new float[1], nothing, 0),
            List.of(name + ":" + drawn),
            name + " " + drawn + " " + state));
  }

  @Override
  public long batchesPerPass() {
    return size;
  }

  @Override
  public void resume(String text) {
    String[] parts = text.split(" ");
    if (!parts[0].equals(name)) {
      throw new InvalidRequestException(
          "the run was begun with " + parts[0] + ", these data are " + name);
    }
    drawn = Long.parseLong(parts[1]);
    state = Long.parseLong(parts[2]);
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
