package dev.showo2.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program that trains the fake model and tells of steps and checkpoints on standard output. */
public final class EndlessRun {

  /** As many values as several chunks have, so that writing takes its time. */
  static final int SIZE = 600_000;

  static final String SOURCE = "a.jsonl";

  private EndlessRun() {}

  /**
   * @param arguments folder of the run, begun or not; steps between checkpoints
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    boolean begun = Files.exists(folder) && !RunFolder.checkpoints(folder).isEmpty();
    try (FakeTrainable model = new FakeTrainable(SIZE)) {
      TrainingRun run =
          run(folder, model, Long.MAX_VALUE, Long.parseLong(arguments[1]), new Teller());
      if (begun) {
        run.resume();
      } else {
        run.start();
      }
    }
  }

  static TrainingRun run(
      Path folder, FakeTrainable model, long last, long every, TrainingListener listener) {
    return TrainingRun.builder(folder, model, new FakeBatches(SOURCE, 5, last))
        .rates(Runs.REQUEST, List.of(0.01, 0.002))
        .schedule(new Schedule(Schedule.Kind.CONSTANT, 2, Long.MAX_VALUE))
        .checkpoints(every, 2)
        .identity("model", "fake")
        .listener(listener)
        .build();
  }

  private static final class Teller implements TrainingListener {

    @Override
    public void step(TrainingStep step) {
      System.out.println("step-" + step.number());
    }

    @Override
    public void checkpoint(Path checkpoint) {
      System.out.println(checkpoint.getFileName());
    }
  }
}
