package dev.showo2.samples.demo;

import dev.showo2.ShowO2;
import dev.showo2.demo.model.DemoCheckpoint;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendConfig;
import dev.showo2.text.TextTokenizer;
import dev.showo2.train.Schedule;
import dev.showo2.train.TrainingListener;
import dev.showo2.train.TrainingRun;
import dev.showo2.train.TrainingStep;
import dev.showo2.train.checkpoint.InitialCheckpoint;
import dev.showo2.train.checkpoint.InitialRequest;
import dev.showo2.train.checkpoint.ReleaseRequest;
import dev.showo2.train.checkpoint.ReleasedCheckpoint;
import dev.showo2.train.checkpoint.WeightViews;
import dev.showo2.train.spi.AdamW;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.ParameterGroup;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingProvider;
import dev.showo2.train.spi.TrainingRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Trains the demo model from nothing: its sizes, VAE and tokenizer, fresh weights, and the world of
 * colored shapes as data of all {@linkplain DemoTask tasks}, drawn in memory. A folder holds all of
 * it: {@code start}, the checkpoint that the run began with; the files of the {@link TrainingRun};
 * and in the end {@code checkpoint}, its {@code bundle} and {@code image.png}, which it drew.
 */
public final class DemoTraining {

  /** The trained checkpoint within the folder, in the released layout. */
  public static final String CHECKPOINT = "checkpoint";

  /** The bundle of that checkpoint within the folder. */
  public static final String BUNDLE = "bundle";

  /** An image within the folder that the trained model drew. */
  public static final String IMAGE = "image.png";

  /** Prompt of the image. */
  public static final String PROMPT = "a red circle";

  private static final String START = "start";
  private static final String START_BUNDLE = "start-bundle";

  /** All weights at one rate. */
  private static final List<ParameterGroup> GROUPS =
      List.of(new ParameterGroup("all", List.of(), List.of()));

  private static final double RATE = 2e-3;
  private static final int MOST_WARMUP = 50;
  private static final double AVERAGE_DECAY = 0.97;
  private static final AdamW OPTIMIZER = new AdamW(0.9, 0.98, 1e-8, 0.01, 1);

  /** As in the shipped checkpoint's training. */
  private static final LossWeights LOSSES = new LossWeights(0.5, 1);

  private static final Duration SHUTDOWN_GRACE = Duration.ofMinutes(10);

  /** As far as a run goes that ends by time. */
  private static final long WITHOUT_END = 1_000_000_000;

  /**
   * The length of a training.
   *
   * @param schedule of the rate, with the number of steps
   * @param time after which it ends all the same, from its first step on, or from that with which
   *     it goes on
   */
  public record Length(Schedule schedule, Optional<Duration> time) {

    /**
     * So many steps; the rate falls along a cosine.
     *
     * @param steps 1 or more
     * @return the length
     */
    public static Length ofSteps(long steps) {
      return new Length(
          new Schedule(Schedule.Kind.COSINE, Math.min(MOST_WARMUP, steps / 20), steps),
          Optional.empty());
    }

    /**
     * As many steps as there is time for, at one rate.
     *
     * @param time more than 0
     * @return the length
     */
    public static Length ofTime(Duration time) {
      return new Length(
          new Schedule(Schedule.Kind.CONSTANT, MOST_WARMUP, WITHOUT_END), Optional.of(time));
    }
  }

  /**
   * Settings of a training.
   *
   * @param folder of the run
   * @param length when it ends
   * @param seed of weights, noise and order; the world has it as well
   * @param tasks that are trained, mixed by their weights
   * @param threads of the backend; its own choice if empty
   */
  public record Settings(
      Path folder, Length length, long seed, Set<DemoTask> tasks, Optional<Integer> threads) {

    /**
     * Returns the order of the tasks.
     *
     * @return it, as the seed decides
     */
    public TaskMix mix() {
      return new TaskMix(seed, tasks);
    }
  }

  /**
   * The end of a training.
   *
   * @param steps updates made in all
   * @param stopped true if it ended early and can be resumed; then there is no checkpoint yet
   */
  public record Outcome(long steps, boolean stopped) {}

  private final Settings settings;
  private final TrainingListener listener;
  private final ExportListener export;

  /**
   * Describes a training; nothing is done yet.
   *
   * @param settings of the run
   * @param listener called on the way
   * @param export called while checkpoints are written and exported
   */
  public DemoTraining(Settings settings, TrainingListener listener, ExportListener export) {
    this.settings = settings;
    this.listener = listener;
    this.export = export;
  }

  /**
   * Begins, or goes on from the newest checkpoint of the folder. What a run that goes on left at an
   * earlier end is replaced.
   *
   * @param resume true to go on
   * @return the end
   * @throws UnsupportedFeatureException if no backend can train here
   * @throws IOException if files cannot be written
   */
  public Outcome run(boolean resume) throws IOException {
    TrainingProvider provider = provider();
    Path folder = settings.folder();
    if (!resume) {
      begin();
    }
    Bundle start = Bundle.open(folder.resolve(START_BUNDLE));
    BackendConfig.Builder config = BackendConfig.builder().shutdownGrace(SHUTDOWN_GRACE);
    settings.threads().ifPresent(config::threads);
    TrainingRequest request =
        TrainingRequest.builder(GROUPS).optimizer(OPTIMIZER).averageDecay(AVERAGE_DECAY).build();
    Outcome outcome;
    try (TextTokenizer tokenizer = TextTokenizer.load(start.tokenizer());
        TrainableModel model = provider.open(start, config.build(), request);
        TaskBatches batches =
            TaskBatches.open(
                settings.mix(),
                settings.seed(),
                tokenizer,
                start.architecture(),
                model.backend())) {
      outcome = train(request, model, batches, resume);
      if (!outcome.stopped()) {
        deleteEarlier(folder.resolve(BUNDLE));
        deleteEarlier(folder.resolve(CHECKPOINT));
        ReleasedCheckpoint.write(
            folder.resolve(CHECKPOINT),
            ReleaseRequest.of(folder.resolve(START)),
            WeightViews.averagesOf(model),
            export);
      }
    }
    if (!outcome.stopped()) {
      ModelExporter.export(
          ExportRequest.of(folder.resolve(CHECKPOINT), folder.resolve(BUNDLE)), export);
      try (ShowO2 model = ShowO2.open(folder.resolve(BUNDLE))) {
        model.textToImage().generate(PROMPT).savePng(folder.resolve(IMAGE));
      }
    }
    return outcome;
  }

  private static void deleteEarlier(Path result) throws IOException {
    if (Files.exists(result)) {
      TemporaryFolder.delete(result);
    }
  }

  private Outcome train(
      TrainingRequest request, TrainableModel model, TaskBatches batches, boolean resume) {
    Clock clock = new Clock(listener, settings.length().time());
    TrainingRun run =
        TrainingRun.builder(settings.folder(), model, batches)
            .rates(request, List.of(RATE))
            .schedule(settings.length().schedule())
            .lossWeights(LOSSES)
            .checkpoints(500, 2)
            .identity("seed", Long.toString(settings.seed()))
            .identity(
                "tasks",
                settings.mix().tasks().stream()
                    .map(DemoTask::key)
                    .collect(Collectors.joining(", ")))
            .listener(clock)
            .build();
    clock.run = run;
    TrainingRun.Result result = resume ? run.resume() : run.start();
    return new Outcome(result.steps(), result.stopped() && !clock.timeIsUp);
  }

  /** Ends a run when its time is up. */
  private static final class Clock implements TrainingListener {

    private final TrainingListener delegate;
    private final Optional<Duration> time;
    private long begun;
    private TrainingRun run;
    private boolean timeIsUp;

    Clock(TrainingListener delegate, Optional<Duration> time) {
      this.delegate = delegate;
      this.time = time;
    }

    @Override
    public void started(long done, long total) {
      begun = System.nanoTime();
      delegate.started(done, total);
    }

    @Override
    public void step(TrainingStep step) {
      delegate.step(step);
      if (time.isPresent() && System.nanoTime() - begun >= time.get().toNanos()) {
        timeIsUp = true;
        run.stop();
      }
    }

    @Override
    public void checkpoint(Path folder) {
      delegate.checkpoint(folder);
    }
  }

  private void begin() throws IOException {
    Path folder = settings.folder();
    Files.createDirectories(folder);
    try (TemporaryFolder temporary = TemporaryFolder.create("showo2-train-demo-")) {
      DemoCheckpoint.copyTo(temporary.path());
      InitialCheckpoint.write(
          folder.resolve(START), InitialRequest.like(temporary.path(), settings.seed()), export);
    }
    ModelExporter.export(
        ExportRequest.of(folder.resolve(START), folder.resolve(START_BUNDLE)), export);
  }

  private static TrainingProvider provider() {
    return ServiceLoader.load(TrainingProvider.class)
        .findFirst()
        .orElseThrow(
            () ->
                new UnsupportedFeatureException(
                    "no backend that can train is on the class path; add backend-djl"));
  }
}
