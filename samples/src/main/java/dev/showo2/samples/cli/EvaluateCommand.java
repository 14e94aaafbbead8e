package dev.showo2.samples.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.ShowO2;
import dev.showo2.demo.world.Share;
import dev.showo2.demo.world.generate.ShapeScene;
import dev.showo2.model.Architecture;
import dev.showo2.samples.demo.WorldEvaluation;
import dev.showo2.samples.demo.WorldEvaluation.Line;
import dev.showo2.samples.demo.WorldEvaluation.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a model of the world of colored shapes. */
@Command(
    name = "evaluate",
    description = {
      "Measures how well a model knows the world of colored shapes: it draws for prompts, asks about"
          + " images and videos, tells stories, and prints the share of what is right, each with the"
          + " range in which it is with a confidence of 95 %% (Wilson).",
      "The model may be the demo model or one that was trained on the same world; the same seed asks"
          + " every model the same."
    })
final class EvaluateCommand implements Callable<Integer> {

  private static final int MOST = 100_000;
  private static final String DEMO = "demo";

  private final CliContext context;

  @Option(
      names = "--against",
      paramLabel = "DIR",
      description =
          "Bundle of a second model, whose shares stand beside; "
              + DEMO
              + " is the demo model that this program carries, unless there is such a folder.")
  private Path against;

  @Option(
      names = "--only",
      paramLabel = "PART",
      split = ",",
      description =
          "Parts that are measured, of images, questions, chats, videos, video-questions and"
              + " stories. Default: all")
  private List<String> only;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "50",
      description = "Examples of each kind, 1 to " + MOST + ". Default: ${DEFAULT-VALUE}")
  private int count;

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Seeds.class,
      defaultValue = "1",
      description = "Of examples and noise. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "20",
      description = "Time points of images and videos, at least 2. Default: ${DEFAULT-VALUE}")
  private int steps;

  @Mixin private ResultOptions result;

  @Mixin private ModelOptions options;

  EvaluateCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    if (count < 1 || count > MOST) {
      throw options.refused("--count: 1 to " + MOST + " are needed, found " + count);
    }
    if (steps < 2) {
      throw options.refused("--steps: at least 2 are needed, found " + steps);
    }
    Set<Section> sections = sections();
    Path other =
        DEMO.equals(String.valueOf(against)) && !against.toFile().exists() ? null : against;
    if (other != null) {
      InputPath.requireModel(other, "--against: no bundle at", options.command());
    }
    List<Line> lines;
    try (ShowO2 model = options.open(result.around(context))) {
      lines = measure(model, sections, "measuring");
    }
    List<Line> others = List.of();
    if (against != null) {
      try (ShowO2 model = options.open(other, result.around(context))) {
        others = measure(model, sections, "measuring the other");
      }
    }
    print(lines, others);
    return ExitCode.OK;
  }

  private Set<Section> sections() {
    if (only == null) {
      return EnumSet.allOf(Section.class);
    }
    Set<Section> sections = EnumSet.noneOf(Section.class);
    for (String key : only) {
      sections.add(
          Arrays.stream(Section.values())
              .filter(each -> each.key().equals(key))
              .findFirst()
              .orElseThrow(
                  () ->
                      options.refused(
                          "--only: expected parts of "
                              + Arrays.stream(Section.values())
                                  .map(Section::key)
                                  .collect(Collectors.joining(", "))
                              + "; found '"
                              + key
                              + "'")));
    }
    return sections;
  }

  private List<Line> measure(ShowO2 model, Set<Section> sections, String task) {
    Architecture architecture = model.bundle().architecture();
    int width = architecture.imageGrid().columns() * architecture.pixelsPerToken();
    int height = architecture.imageGrid().rows() * architecture.pixelsPerToken();
    if (width != ShapeScene.SIDE || height != ShapeScene.SIDE) {
      throw options.refused(
          "images of the world have 64x64 pixels, this model draws "
              + width
              + "x"
              + height
              + "; measure one that was trained on the world");
    }
    try (Progress progress =
        Progress.start(
            result.around(context),
            task,
            Progress.Unit.STEPS,
            WorldEvaluation.work(sections, count))) {
      return WorldEvaluation.measure(
          model,
          sections,
          seed,
          count,
          steps,
          done -> {
            Interruption.check();
            progress.to(done);
          });
    }
  }

  private void print(List<Line> lines, List<Line> others) {
    if (result.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("seed", Seeds.number(seed));
      json.addProperty("count", count);
      json.addProperty("steps", steps);
      json.add("shares", json(lines));
      if (against != null) {
        json.add("against", json(others));
      }
      ResultOptions.print(json, context.out());
      return;
    }
    context.out().print(text(lines, others));
  }

  private static String text(List<Line> lines, List<Line> others) {
    boolean two = !others.isEmpty();
    Table table = new Table();
    Section section = null;
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      if (line.section() != section) {
        section = line.section();
        table.row(row(title(section), "right", "95 %", two, "against", "95 %"));
      }
      Share share = line.share();
      Share other = two ? others.get(i).share() : share;
      table.row(
          row(
              "  " + line.name(),
              percent(share.value()) + " of " + share.count(),
              range(share),
              two,
              percent(other.value()),
              range(other)));
    }
    return table.toString();
  }

  private static String[] row(
      String name, String share, String range, boolean two, String other, String otherRange) {
    return two
        ? new String[] {name, share, range, other, otherRange}
        : new String[] {name, share, range};
  }

  private static String title(Section section) {
    return section.key().replace('-', ' ');
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String range(Share share) {
    return String.format(Locale.ROOT, "%.1f to %.1f", 100 * share.low(), 100 * share.high());
  }

  private static JsonArray json(List<Line> lines) {
    JsonArray array = new JsonArray();
    for (Line line : lines) {
      JsonObject json = new JsonObject();
      json.addProperty("part", line.section().key());
      json.addProperty("name", line.name());
      json.addProperty("right", line.share().right());
      json.addProperty("count", line.share().count());
      json.addProperty("share", line.share().value());
      json.addProperty("low", line.share().low());
      json.addProperty("high", line.share().high());
      array.add(json);
    }
    return array;
  }
}
