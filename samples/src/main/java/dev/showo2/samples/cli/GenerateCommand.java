package dev.showo2.samples.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.ShowO2;
import dev.showo2.pipeline.BestOfRequest;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.ScoredImage;
import dev.showo2.pipeline.ScoringPrompt;
import dev.showo2.pipeline.TextToImageRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws images. */
@Command(
    name = "generate",
    description = {
      "Draws an image from a prompt and writes it; a PNG file carries its settings.",
      "What is left open is taken from the model's recommended settings."
    })
final class GenerateCommand implements Callable<Integer> {

  private static final int MOST_IMAGES = 256;

  private final CliContext context;

  @Parameters(
      paramLabel = "PROMPT",
      description = "What to draw, in English or Chinese; in quotes if it has several words.")
  private String prompt;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "showo2.png",
      description = {
        "Image to write, in the format of its name: " + ImageFile.FORMATS + ".",
        "One that is there is replaced. Default: ${DEFAULT-VALUE}"
      })
  private Path out;

  @Option(
      names = "--images",
      paramLabel = "N",
      description =
          "Draw N images, 1 to "
              + MOST_IMAGES
              + ", with consecutive seeds, to files with -1, -2 … in their names.")
  private Integer images;

  @Option(
      names = "--best-of",
      paramLabel = "N",
      description =
          "Draw N images, 2 to "
              + BestOfRequest.MOST_CANDIDATES
              + ", with consecutive seeds, and write the one in which the model sees the prompt"
              + " best.")
  private Integer bestOf;

  @Option(
      names = "--judge",
      paramLabel = "QUESTION",
      description = {
        "What --best-of asks the model: images count for more the likelier the prompt is as the"
            + " answer, or \"yes\" if the question holds "
            + ScoringPrompt.PROMPT
            + ". Default: What is in the image?"
      })
  private String judge;

  @Mixin private DrawingOptions drawing;

  @Mixin private SizeOptions size;

  @Mixin private PreviewOptions preview;

  @Mixin private ResultOptions result;

  @Mixin private ModelOptions options;

  @Spec private CommandSpec command;

  GenerateCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    TextToImageRequest request = request();
    requireNoContradiction();
    Optional<PreviewFile> shown = preview.file(out);
    if (bestOf != null) {
      return best(BestOfRequest.builder(request, bestOf).judgment(judgment()).build(), shown);
    }
    return all(request, shown);
  }

  private TextToImageRequest request() {
    TextToImageRequest.Builder builder =
        TextToImageRequest.builder(prompt).options(drawing.options());
    size.width().ifPresent(builder::width);
    size.height().ifPresent(builder::height);
    return builder.build();
  }

  private void requireNoContradiction() {
    if (bestOf != null && images != null) {
      throw refused("--best-of writes one image and --images several; leave one of them out");
    }
    if (judge != null && bestOf == null) {
      throw refused("--judge: says what --best-of asks; give --best-of as well");
    }
    if (images != null && (images < 1 || images > MOST_IMAGES)) {
      throw refused("--images: 1 to " + MOST_IMAGES + " are needed, found " + images);
    }
    for (int i = 0; i < count(); i++) {
      ImageFile.require(file(i), "--out", command);
    }
  }

  private ParameterException refused(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  private ScoringPrompt judgment() {
    if (judge == null) {
      return ScoringPrompt.DEFAULT;
    }
    return judge.contains(ScoringPrompt.PROMPT)
        ? ScoringPrompt.yes(judge)
        : ScoringPrompt.promptAsAnswer(judge);
  }

  private int count() {
    return images == null ? 1 : images;
  }

  private Path file(int index) {
    return images == null ? out : OutputFile.numbered(out, index + 1);
  }

  private int all(TextToImageRequest request, Optional<PreviewFile> shown) throws IOException {
    CliContext around = result.around(context);
    List<GeneratedImage> generated;
    try (ShowO2 model = options.open(around);
        StepProgressListener steps =
            images == null
                ? StepProgressListener.one(around, shown)
                : StepProgressListener.several(around, shown)) {
      generated = model.textToImage().generateAll(request.images(count()), steps);
    }
    JsonArray written = new JsonArray();
    for (int i = 0; i < generated.size(); i++) {
      GeneratedImage image = generated.get(i);
      ImageFile.write(image.image(), image.settings(), file(i));
      written.add(Json.image(file(i), image));
      if (!result.json()) {
        tell(file(i), "seed " + Seeds.text(image.seed()));
      }
    }
    return done(written, new JsonObject());
  }

  private int best(BestOfRequest request, Optional<PreviewFile> shown) throws IOException {
    CliContext around = result.around(context);
    List<ScoredImage> ranked;
    try (ShowO2 model = options.open(around);
        StepProgressListener steps = StepProgressListener.several(around, shown)) {
      ranked = model.bestOf().generate(request, steps);
    }
    ScoredImage best = ranked.get(0);
    ImageFile.write(best.image().image(), best.image().settings(), out);
    JsonArray written = new JsonArray();
    JsonObject image = Json.image(out, best.image());
    image.addProperty("score", best.score());
    written.add(image);
    JsonObject json = new JsonObject();
    JsonArray candidates = new JsonArray();
    ranked.forEach(candidate -> candidates.add(Json.score(candidate)));
    json.add("candidates", candidates);
    if (!result.json()) {
      tell(out, "seed " + Seeds.text(best.image().seed()) + ", the best of " + ranked.size());
      context.out().print(scores(ranked));
    }
    return done(written, json);
  }

  private static Table scores(List<ScoredImage> ranked) {
    Table table = new Table().row("seed", "score");
    for (ScoredImage candidate : ranked) {
      table.row(
          Seeds.text(candidate.image().seed()),
          String.format(Locale.ROOT, "%.4f", candidate.score()));
    }
    return table;
  }

  private void tell(Path file, String more) {
    context.out().println("Wrote " + OutputFile.absolute(file) + " (" + more + ")");
  }

  private int done(JsonArray images, JsonObject more) {
    if (result.json()) {
      JsonObject json = new JsonObject();
      json.add("images", images);
      more.entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
      ResultOptions.print(json, context.out());
    }
    return ExitCode.OK;
  }
}
