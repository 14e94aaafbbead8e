package dev.showo2.train.recipe;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Device;
import dev.showo2.train.Schedule;
import dev.showo2.train.checkpoint.ReleaseFormat;
import dev.showo2.train.data.RowKind;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.TrainingRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apiguardian.api.API;

/**
 * A recipe: model, data, what is trained and how, read from YAML. {@link Recipes} has the official
 * ones. Unknown settings and values out of range are refused with file and line. Paths are relative
 * to the folder of the file. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TrainingConfig {

  private static final long MAX_BYTES = 1 << 20;

  /** Time to write a checkpoint once the process is asked to end, amid a long step. */
  private static final Duration SHUTDOWN_GRACE = Duration.ofMinutes(10);

  private final String text;
  private final Path base;
  private final Path model;
  private final Optional<Path> vae;
  private final Optional<Path> tokenizer;
  private final Path folder;
  private final Optional<String> backend;
  private final BackendConfig backendConfig;
  private final TrainedSettings trained;
  private final Optional<TeacherSettings> teacher;
  private final Length length;
  private final LossWeights lossWeights;
  private final int accumulate;
  private final long checkpointEvery;
  private final int checkpointKeep;
  private final DataSettings data;
  private final Optional<SampleSettings> samples;
  private final ReleaseFormat format;
  private final boolean averaged;

  private TrainingConfig(String text, ConfigSection root, Path base, Optional<Path> place) {
    this.text = text;
    this.base = base;
    model = base.resolve(path(root, "model", root.requireText("model", "model: show-o2-1.5B")));
    vae = root.text("vae").map(value -> base.resolve(path(root, "vae", value)));
    tokenizer = root.text("tokenizer").map(value -> base.resolve(path(root, "tokenizer", value)));
    String named = root.requireText("folder", "folder: runs/first");
    folder = place.orElse(base.resolve(path(root, "folder", named)));
    backend = root.text("backend");
    backendConfig = backendConfig(root);
    teacher = root.section("teacher").map(section -> TeacherSettings.of(section, base));
    trained = TrainedSettings.of(root, teacher.isPresent());
    length = Length.of(root);
    lossWeights =
        root.section("losses").map(TrainingConfig::lossWeights).orElse(new LossWeights(1, 1));
    accumulate = (int) root.integer("accumulate", 1, 1, Integer.MAX_VALUE);
    if (teacher.isPresent() && root.has("losses")) {
      throw root.error(
          "losses", "with a teacher there is one loss, which has no factor; leave out 'losses'");
    }
    Optional<ConfigSection> checkpoints = root.section("checkpoints");
    checkpointEvery =
        checkpoints.map(section -> section.integer("every", 1000, 1, Long.MAX_VALUE)).orElse(1000L);
    checkpointKeep =
        checkpoints
            .map(section -> (int) section.integer("keep", 3, 1, Integer.MAX_VALUE))
            .orElse(3);
    checkpoints.ifPresent(ConfigSection::refuseOthers);
    data =
        DataSettings.of(
            root.section("data").orElseThrow(() -> root.missing("data", "data:")), base);
    for (DataSettings.Loader loader : data.loaders()) {
      if ((loader.kind() == RowKind.IMAGE) != teacher.isPresent()) {
        throw root.error("data", "'rows-of: image' and the section 'teacher' go together");
      }
    }
    samples = root.section("samples").map(section -> SampleSettings.of(section, base));
    Optional<ConfigSection> result = root.section("result");
    format =
        result
            .flatMap(section -> section.choice("format", ReleaseFormat.class))
            .orElse(ReleaseFormat.SAFETENSORS);
    averaged = result.map(section -> section.flag("averages", false)).orElse(false);
    result.ifPresent(ConfigSection::refuseOthers);
    if (averaged && trained.request().averageDecay().isEmpty()) {
      throw root.error("result", "'averages' needs running means; set 'average-decay' as well");
    }
    root.refuseOthers();
  }

  /**
   * Reads a configuration.
   *
   * @param file in YAML
   * @return the configuration
   * @throws InvalidRequestException if the file cannot be read, is no YAML, or holds a setting that
   *     is unknown, missing or out of range
   */
  public static TrainingConfig read(Path file) {
    Path absolute = file.toAbsolutePath();
    return parse(text(file), file.toString(), absolute.getParent());
  }

  static String text(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new InvalidRequestException("no configuration at " + file);
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new InvalidRequestException(
            file + " is larger than any configuration; name a file of settings in YAML");
      }
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new InvalidRequestException(file + " is no text in UTF-8", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Parses a configuration.
   *
   * @param yaml its text
   * @param origin what messages call it, such as its file
   * @param base folder to which paths in it are relative
   * @return the configuration
   * @throws InvalidRequestException as for {@link #read}
   */
  public static TrainingConfig parse(String yaml, String origin, Path base) {
    return parse(yaml, origin, base, Optional.empty());
  }

  /**
   * @param place folder of the run, where that is not the one that is named: it was moved
   */
  static TrainingConfig parse(String yaml, String origin, Path base, Optional<Path> place) {
    return new TrainingConfig(yaml, ConfigSection.parse(yaml, origin), base, place);
  }

  /** Steps of the run and the course of its rates. */
  record Length(
      OptionalLong steps,
      OptionalDouble passes,
      Schedule.Kind schedule,
      OptionalLong warmupSteps,
      double warmupShare) {

    static Length of(ConfigSection root) {
      OptionalLong steps = root.integer("steps", 1, Long.MAX_VALUE);
      OptionalDouble passes = root.number("passes", value -> value > 0, "a number above 0");
      if (steps.isPresent() == passes.isPresent()) {
        throw root.error("passes", "give either 'steps' or 'passes', such as 'steps: 1000'");
      }
      Schedule.Kind kind =
          root.choice("schedule", Schedule.Kind.class).orElse(Schedule.Kind.CONSTANT);
      String warmup = root.text("warmup").orElse("0");
      if (warmup.endsWith("%")) {
        double share = percent(root, warmup);
        return new Length(steps, passes, kind, OptionalLong.empty(), share);
      }
      return new Length(steps, passes, kind, root.integer("warmup", 0, Long.MAX_VALUE), 0);
    }

    private static double percent(ConfigSection root, String text) {
      String number = text.substring(0, text.length() - 1).strip();
      if (!number.matches("\\d{1,3}(\\.\\d{1,9})?") || Double.parseDouble(number) > 100) {
        throw root.error(
            "warmup", "'warmup' needs steps or a share such as 3 %, found '" + text + "'");
      }
      return Double.parseDouble(number) / 100;
    }

    Schedule schedule(long batchesPerPass, int accumulate) {
      long total =
          steps.isPresent()
              ? steps.getAsLong()
              : Math.max(1, (long) (passes.getAsDouble() * batchesPerPass / accumulate));
      return new Schedule(schedule, warmupSteps.orElse((long) (total * warmupShare)), total);
    }
  }

  private static Path path(ConfigSection section, String key, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw section.error(key, "'" + text + "' cannot be the name of a file here");
    }
  }

  private static BackendConfig backendConfig(ConfigSection root) {
    BackendConfig.Builder config = BackendConfig.builder().shutdownGrace(SHUTDOWN_GRACE);
    root.text("device")
        .ifPresent(device -> config.device(root.checked(() -> Device.parse(device))));
    root.integer("threads", 1, Integer.MAX_VALUE)
        .ifPresent(threads -> config.threads((int) threads));
    return config.build();
  }

  private static LossWeights lossWeights(ConfigSection section) {
    LossWeights weights =
        new LossWeights(
            section.number("next-token", 1, value -> value >= 0 && value < 1e9, "0 or more"),
            section.number("flow", 1, value -> value >= 0 && value < 1e9, "0 or more"));
    section.refuseOthers();
    return weights;
  }

  /**
   * Returns the folder that the run writes to.
   *
   * @return need not exist yet
   */
  public Path folder() {
    return folder;
  }

  /**
   * Returns the text of the configuration.
   *
   * @return YAML
   */
  public String text() {
    return text;
  }

  Path base() {
    return base;
  }

  Path model() {
    return model;
  }

  Optional<Path> vae() {
    return vae;
  }

  Optional<Path> tokenizer() {
    return tokenizer;
  }

  Optional<String> backend() {
    return backend;
  }

  BackendConfig backendConfig() {
    return backendConfig;
  }

  TrainingRequest request() {
    return trained.request();
  }

  /** {@return what is trained} */
  TrainedSettings trained() {
    return trained;
  }

  /** {@return the teacher of a distillation} */
  Optional<TeacherSettings> teacher() {
    return teacher;
  }

  Length length() {
    return length;
  }

  LossWeights lossWeights() {
    return lossWeights;
  }

  int accumulate() {
    return accumulate;
  }

  long checkpointEvery() {
    return checkpointEvery;
  }

  int checkpointKeep() {
    return checkpointKeep;
  }

  DataSettings data() {
    return data;
  }

  Optional<SampleSettings> samples() {
    return samples;
  }

  ReleaseFormat format() {
    return format;
  }

  /** {@return whether the result is the running means} */
  boolean averaged() {
    return averaged;
  }
}
