package dev.showo2.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.DistillationBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingRunTest {

  private static final long STEPS = 20;

  /** More than one chunk of a checkpoint. */
  private static final int SIZE = 300_001;

  @TempDir Path folder;

  private static FakeBatches data() {
    return new FakeBatches("a.jsonl", 5, Long.MAX_VALUE);
  }

  private static List<String> lines(Path file) throws IOException {
    // The time of a step is another each time.
    return Files.readAllLines(file).stream()
        .map(line -> line.replaceAll("(,|,\"seconds\":)[\\d.]+(}?)$", "$2"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aRunCutAtStepSevenEqualsTheWholeRunToTheBit(int accumulate) throws IOException {
    FakeTrainable whole = new FakeTrainable(SIZE);
    Runs.of(folder.resolve("whole"), whole, data(), STEPS).accumulate(accumulate).build().start();

    FakeTrainable first = new FakeTrainable(SIZE);
    Path cut = folder.resolve("cut");
    TrainingRun[] run = new TrainingRun[1];
    run[0] =
        Runs.of(cut, first, data(), STEPS)
            .accumulate(accumulate)
            .listener(
                new TrainingListener() {
                  @Override
                  public void step(TrainingStep step) {
                    if (step.number() == 7) {
                      run[0].stop();
                    }
                  }
                })
            .build();
    assertEquals(new TrainingRun.Result(7, true, cut.resolve("checkpoint-7")), run[0].start());

    FakeTrainable second = new FakeTrainable(SIZE);
    TrainingRun.Result end =
        Runs.of(cut, second, data(), STEPS).accumulate(accumulate).build().resume();
    assertEquals(new TrainingRun.Result(STEPS, false, cut.resolve("checkpoint-20")), end);
    assertEquals(whole.bits(), second.bits());
    for (String file : List.of(RunMetrics.CSV, RunMetrics.JSON_LINES)) {
      assertEquals(lines(folder.resolve("whole/" + file)), lines(cut.resolve(file)));
    }
  }

  @Test
  void aRunOfDistillationHasItsOwnLoss() throws IOException {
    HostTensor latents = HostTensor.zeros(Shape.of(2, 1, 2, 2));
    HostTensor features = HostTensor.zeros(Shape.of(2, 4, 3));
    BatchSource source =
        new BatchSource() {
          private int drawn;

          @Override
          public Optional<Drawn> next() {
            List<String> origins = List.of("a.png", "b.png");
            DistillationBatch batch = new DistillationBatch(latents, features);
            return Optional.of(new Drawn(batch, origins, "behind " + ++drawn));
          }

          @Override
          public List<String> losses() {
            return List.of("distillation");
          }

          @Override
          public long batchesPerPass() {
            return 1;
          }

          @Override
          public void resume(String state) {
            drawn = Integer.parseInt(state.substring(7));
          }

          @Override
          public void close() {}
        };
    List<TrainingStep> steps = new ArrayList<>();
    Runs.of(folder, new FakeTrainable(4), source, 2)
        .accumulate(3)
        .listener(
            new TrainingListener() {
              @Override
              public void step(TrainingStep step) {
                steps.add(step);
              }
            })
        .build()
        .start();
    TrainingStep first = steps.get(0);
    assertEquals(Set.of("distillation"), first.losses().keySet());
    assertEquals(first.losses().get("distillation"), first.loss());
    assertEquals(0, first.labels());
    assertEquals(24, first.positions());
    assertEquals(6, first.rows());
    assertTrue(
        Files.readString(folder.resolve(RunMetrics.CSV))
            .startsWith("step,distillation,loss,norm,"));
    assertTrue(Files.exists(folder.resolve(LossCurves.FILE)));
  }

  @Test
  void aStopWithinTheMicroBatchesOfAStepForgetsThatStep() {
    FakeTrainable whole = new FakeTrainable(4);
    Runs.of(folder.resolve("whole"), whole, data(), STEPS).accumulate(3).build().start();
    FakeTrainable first = new FakeTrainable(4);
    TrainingRun run = Runs.of(folder.resolve("cut"), first, data(), STEPS).accumulate(3).build();
    first.beforeMicroBatch =
        number -> {
          if (number == 13) {
            run.stop();
          }
        };
    assertEquals(new TrainingRun.Result(4, true, folder.resolve("cut/checkpoint-4")), run.start());
    FakeTrainable second = new FakeTrainable(4);
    Runs.of(folder.resolve("cut"), second, data(), STEPS).accumulate(3).build().resume();
    assertEquals(whole.bits(), second.bits());
  }

  @Test
  void anInterruptOfTheCallerEndsARunWithACheckpoint() {
    FakeTrainable model = new FakeTrainable(4);
    Thread caller = Thread.currentThread();
    model.beforeMicroBatch =
        number -> {
          if (number == 3) {
            caller.interrupt();
          }
        };
    TrainingRun.Result end =
        Runs.of(folder, model, data(), Long.MAX_VALUE)
            .checkpoints(Long.MAX_VALUE, 1)
            .build()
            .start();
    assertTrue(Thread.interrupted(), "the interrupt is given back");
    assertTrue(end.stopped() && end.steps() >= 3, end.toString());
    assertTrue(Files.exists(end.checkpoint()));
  }

  @Test
  void theEndOfTheDataEndsARun() {
    FakeTrainable model = new FakeTrainable(4);
    TrainingRun.Result end =
        Runs.of(folder, model, new FakeBatches("a.jsonl", 1, 11), STEPS)
            .accumulate(2)
            .build()
            .start();
    assertEquals(new TrainingRun.Result(5, false, folder.resolve("checkpoint-5")), end);
    assertEquals(5, model.updates());
  }

  @Test
  void onlyTheNewestCheckpointsAreKept() throws IOException {
    List<Path> written = new ArrayList<>();
    Runs.of(folder, new FakeTrainable(4), data(), STEPS)
        .checkpoints(3, 2)
        .listener(
            new TrainingListener() {
              @Override
              public void checkpoint(Path checkpoint) {
                written.add(checkpoint.getFileName());
              }
            })
        .build()
        .start();
    assertEquals(
        Stream.of(3, 6, 9, 12, 15, 18, 20).map(step -> Path.of("checkpoint-" + step)).toList(),
        written);
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(
          List.of(
              ".lock",
              "checkpoint-18",
              "checkpoint-20",
              "curves.png",
              "metrics.csv",
              "metrics.jsonl"),
          left.map(path -> path.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void aLossThatIsNoNumberStopsTheRunAndKeepsTheCheckpoint() throws IOException {
    FakeTrainable model = new FakeTrainable(4);
    model.brokenFrom = 12;
    TrainingRun run = Runs.of(folder, model, data(), STEPS).checkpoints(5, 3).build();
    TrainingDivergedException failure = assertThrows(TrainingDivergedException.class, run::start);
    assertEquals(13, failure.step());
    assertEquals(List.of("a.jsonl:13"), failure.origins());
    assertContains(failure, "step 13: ", "next_token=NaN", "checkpoint-10, is kept", "a.jsonl:13");
    FakeTrainable resumed = new FakeTrainable(4);
    assertEquals(STEPS, Runs.of(folder, resumed, data(), STEPS).build().resume().steps());
  }

  @Test
  void weightsThatAreNotFiniteGetNoCheckpoint() throws IOException {
    FakeTrainable model = new FakeTrainable(4);
    TrainingRun run =
        TrainingRun.builder(folder, model, data())
            .rates(Runs.REQUEST, List.of(1e300, 0.0))
            .schedule(new Schedule(Schedule.Kind.CONSTANT, 1, STEPS))
            .checkpoints(1, 1)
            .build();
    TrainingDivergedException failure = assertThrows(TrainingDivergedException.class, run::start);
    assertContains(
        failure, "step 2: 'fusion_proj.weight' has a value that is not finite", "a.jsonl:2");
    assertEquals(List.of(1L), RunFolder.checkpoints(folder));
  }

  @Test
  void memoryDoesNotGrowWithTheSteps() {
    long[] used = new long[2];
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void step(TrainingStep step) {
            if (step.number() == 200 || step.number() == 1200) {
              System.gc();
              Runtime memory = Runtime.getRuntime();
              used[step.number() == 200 ? 0 : 1] = memory.totalMemory() - memory.freeMemory();
            }
          }
        };
    Runs.of(folder, new FakeTrainable(4), data(), 1200)
        .checkpoints(100, 2)
        .listener(listener)
        .build()
        .start();
    // A step that kept its batch, rows or figures would take half a kilobyte and more.
    assertTrue(used[1] - used[0] < 1 << 18, used[0] + " and then " + used[1]);
  }

  @Test
  void aRunIsNotBegunTwice() {
    Runs.of(folder, new FakeTrainable(4), data(), 3).build().start();
    TrainingRun again = Runs.of(folder, new FakeTrainable(4), data(), 3).build();
    assertContains(
        assertThrows(InvalidRequestException.class, again::start),
        "holds a run up to step 3 already; resume it");
  }

  @Test
  void twoRunsDoNotShareAFolder() {
    TrainingRun other = Runs.of(folder, new FakeTrainable(4), data(), 3).build();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void started(long done, long total) {
            assertContains(
                assertThrows(InvalidRequestException.class, other::start),
                "another run writes to " + folder);
          }
        };
    Runs.of(folder, new FakeTrainable(4), data(), 3).listener(listener).build().start();
  }

  @Test
  void nothingToResumeIsSaid() {
    TrainingRun run = Runs.of(folder, new FakeTrainable(4), data(), 3).build();
    assertContains(
        assertThrows(InvalidRequestException.class, run::resume),
        "there is no checkpoint in " + folder);
  }

  @Test
  void aFolderOfAnotherRunIsRefusedByName() {
    Runs.of(folder, new FakeTrainable(4), data(), 3).build().start();
    assertRefused(
        Runs.of(folder, new FakeTrainable(4), data(), 3).identity("model", "larger"),
        "its model was fake, this run's is larger");
    assertRefused(
        Runs.of(folder, new FakeTrainable(4), data(), 3).identity("trained part", "stage-two"),
        "its trained part was none, this run's is stage-two");
    assertRefused(
        Runs.of(folder, new FakeTrainable(4, "diff_proj.weight"), data(), 3),
        "it lacks 'diff_proj.weight', which this run trains");
    assertRefused(
        Runs.of(folder, new FakeTrainable(5), data(), 3),
        "its 'fusion_proj.weight' is [4], that of this run's model [5]");
    assertRefused(
        Runs.of(folder, new FakeTrainable(4), new FakeBatches("b.jsonl", 5, 9), 3),
        "the run was begun with a.jsonl, these data are b.jsonl");
  }

  @Test
  void aChangedCheckpointIsRefused() throws IOException {
    Runs.of(folder, new FakeTrainable(4), data(), 3).build().start();
    Path file = folder.resolve("checkpoint-3/weights.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    FakeTrainable model = new FakeTrainable(4);
    String before = model.bits();
    TrainingRun run = Runs.of(folder, model, data(), 5).build();
    assertContains(
        assertThrows(InvalidModelException.class, run::resume),
        "weights.safetensors is missing or was changed");
    assertEquals(before, model.bits());
  }

  @Test
  void whatAKilledRunLeftBehindIsDeleted() throws IOException {
    Runs.of(folder, new FakeTrainable(4), data(), 3).build().start();
    Path partial = Files.createDirectory(folder.resolve(".checkpoint-4.partial-1"));
    Files.writeString(partial.resolve("weights.safetensors"), "half");
    Path file = Files.writeString(folder.resolve(".showo2-1.tmp"), "half");
    Files.writeString(folder.resolve("metrics.csv"), "17,0.5", StandardOpenOption.APPEND);
    FakeTrainable model = new FakeTrainable(4);
    Runs.of(folder, model, data(), 5).build().resume();
    assertFalse(Files.exists(partial));
    assertFalse(Files.exists(file));
    assertEquals(6, Files.readAllLines(folder.resolve("metrics.csv")).size());
  }

  private static void assertRefused(TrainingRunBuilder builder, String why) {
    TrainingRun run = builder.build();
    assertContains(assertThrows(InvalidRequestException.class, run::resume), why);
  }

  private static void assertContains(Exception failure, String... parts) {
    for (String part : parts) {
      assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }
  }
}
