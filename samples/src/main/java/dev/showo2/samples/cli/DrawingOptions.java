package dev.showo2.samples.cli;

import dev.showo2.pipeline.FlowOptions;
import dev.showo2.pipeline.FlowPreset;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.StepReuse;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The options of generated images and videos; the model's recommended settings fill the rest. */
final class DrawingOptions {

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Seeds.class,
      description = {
        "Seed of the noise: the same seed gives the same result.",
        "From -2^63 to 2^64 - 1, as torch.manual_seed takes it; shown without a sign."
      })
  private Long seed;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Time points, at least 2: more take longer and draw finer.")
  private Integer steps;

  @Option(
      names = "--guidance",
      paramLabel = "G",
      description = "How closely to follow the prompt, from 0 (not guided, twice as fast) up.")
  private Float guidance;

  @Option(
      names = "--guidance-start",
      paramLabel = "SHARE",
      description = "Share of the steps, from 0 to 1, after which guidance begins.")
  private Float guidanceStart;

  @Option(
      names = "--guidance-end",
      paramLabel = "SHARE",
      description = "Share of the steps, from 0 to 1, after which guidance ends, which saves time.")
  private Float guidanceEnd;

  @Option(
      names = "--negative",
      paramLabel = "PROMPT",
      description = "What to stay away from; works through guidance.")
  private String negative;

  @Option(
      names = "--solver",
      paramLabel = "S",
      description = "euler, midpoint, heun3, rk4, dopri5, ab2 or unipc.")
  private String solver;

  @Option(
      names = "--shift",
      paramLabel = "S",
      description = "Time shift, above 0: more spends more steps on noise.")
  private Float shift;

  @Option(
      names = "--preset",
      paramLabel = "P",
      description = {
        "quality (the model's own settings), balanced or fast, which take about 0.3 and 0.15 of the"
            + " time of its steps and draw slightly other images.",
        "Decides --steps and --reuse where they are not given."
      })
  private String preset;

  @Option(
      names = "--reuse",
      paramLabel = "R",
      description = {
        "What steps take from earlier ones to save time: velocity:N computes one of N steps,"
            + " adaptive:T as many as a tolerance T asks for, backbone:N the backbone in one of N;",
        "none computes all."
      })
  private String reuse;

  /**
   * @throws dev.showo2.error.InvalidRequestException if one is out of its range
   */
  FlowOptions options() {
    FlowOptions.Builder options = FlowOptions.builder();
    ifGiven(seed, options::seed);
    ifGiven(steps, options::steps);
    ifGiven(guidance, options::guidanceScale);
    ifGiven(guidanceStart, options::guidanceStart);
    ifGiven(guidanceEnd, options::guidanceEnd);
    ifGiven(negative, options::negativePrompt);
    ifGiven(solver, id -> options.solver(Solver.ofId(id)));
    ifGiven(shift, options::timeShift);
    ifGiven(preset, id -> options.preset(FlowPreset.ofId(id)));
    ifGiven(reuse, id -> options.reuse(StepReuse.ofId(id)));
    return options.build();
  }

  private static <T> void ifGiven(T value, Consumer<T> setting) {
    if (value != null) {
      setting.accept(value);
    }
  }
}
