package dev.showo2.samples.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.ShowO2;
import dev.showo2.pipeline.BestOfRequest;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.Judgement;
import dev.showo2.pipeline.ScoredImage;
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

/** Draws pictures. */
@Command(
    name = "generate",
    description = {
      "Draws a picture from a prompt and writes it as a PNG file that carries its settings.",
      "What is left open is taken from the model's recommended settings."
    })
final class GenerateCommand implements Callable<Integer> {

  private static final int MOST_IMAGES = 256;

  private final Surroundings surroundings;

  @Parameters(
      paramLabel = "PROMPT",
      description = "What to draw, in English or Chinese; in quotes if it has several words.")
  private String prompt;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "showo2.png",
      description = "PNG file to write; one that is there is replaced. Default: ${DEFAULT-VALUE}")
  private Path out;

  @Option(
      names = "--images",
      paramLabel = "N",
      description =
          "Draw N pictures, 1 to "
              + MOST_IMAGES
              + ", with consecutive seeds, to files with -1, -2 … in their names.")
  private Integer images;

  @Option(
      names = "--best-of",
      paramLabel = "N",
      description =
          "Draw N pictures, 2 to "
              + BestOfRequest.MOST_CANDIDATES
              + ", with consecutive seeds, and write the one in which the model sees the prompt"
              + " best.")
  private Integer bestOf;

  @Option(
      names = "--judge",
      paramLabel = "QUESTION",
      description = {
        "What --best-of asks the model: pictures count for more the likelier the prompt is as the"
            + " answer, or \"yes\" if the question holds "
            + Judgement.PROMPT
            + ". Default: What is in the image?"
      })
  private String judge;

  @Mixin private DrawingOptions drawing;

  @Mixin private SizeOptions size;

  @Mixin private PreviewOptions preview;

  @Mixin private ResultOptions result;

  @Mixin private ModelOptions options;

  @Spec private CommandSpec command;

  GenerateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    TextToImageRequest request =
        new TextToImageRequest(prompt, drawing.options(), size.width(), size.height());
    requireNoContradiction();
    Optional<PreviewFile> shown = preview.file(out);
    if (bestOf != null) {
      return best(new BestOfRequest(request, bestOf, judgement()), shown);
    }
    return all(request, shown);
  }

  private void requireNoContradiction() {
    if (bestOf != null && images != null) {
      throw refused("--best-of writes one picture and --images several; leave one of them out");
    }
    if (judge != null && bestOf == null) {
      throw refused("--judge: says what --best-of asks; give --best-of as well");
    }
    if (images != null && (images < 1 || images > MOST_IMAGES)) {
      throw refused("--images: 1 to " + MOST_IMAGES + " are needed, found " + images);
    }
    for (int i = 0; i < count(); i++) {
      OutputFile.require(file(i), "--out", command);
    }
  }

  private ParameterException refused(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  private Judgement judgement() {
    if (judge == null) {
      return Judgement.DEFAULT;
    }
    return judge.contains(Judgement.PROMPT)
        ? Judgement.yes(judge)
        : Judgement.promptAsAnswer(judge);
  }

  private int count() {
    return images == null ? 1 : images;
  }

  private Path file(int index) {
    return images == null ? out : OutputFile.numbered(out, index + 1);
  }

  private int all(TextToImageRequest request, Optional<PreviewFile> shown) throws IOException {
    Surroundings around = result.around(surroundings);
    List<GeneratedImage> pictures;
    try (ShowO2 model = options.open(around);
        Drawing steps =
            images == null ? Drawing.one(around, shown) : Drawing.several(around, shown)) {
      pictures = model.textToImage().generateAll(request.images(count()), steps);
    }
    JsonArray written = new JsonArray();
    for (int i = 0; i < pictures.size(); i++) {
      GeneratedImage picture = pictures.get(i);
      picture.savePng(file(i));
      written.add(Json.picture(file(i), picture));
      if (!result.json()) {
        tell(file(i), "seed " + picture.seed());
      }
    }
    return done(written, new JsonObject());
  }

  private int best(BestOfRequest request, Optional<PreviewFile> shown) throws IOException {
    Surroundings around = result.around(surroundings);
    List<ScoredImage> ranked;
    try (ShowO2 model = options.open(around);
        Drawing steps = Drawing.several(around, shown)) {
      ranked = model.bestOf().generate(request, steps);
    }
    ScoredImage best = ranked.get(0);
    best.picture().savePng(out);
    JsonArray written = new JsonArray();
    JsonObject picture = Json.picture(out, best.picture());
    picture.addProperty("score", best.score());
    written.add(picture);
    JsonObject json = new JsonObject();
    JsonArray candidates = new JsonArray();
    ranked.forEach(candidate -> candidates.add(Json.score(candidate)));
    json.add("candidates", candidates);
    if (!result.json()) {
      tell(out, "seed " + best.picture().seed() + ", the best of " + ranked.size());
      surroundings.out().print(scores(ranked));
    }
    return done(written, json);
  }

  private static Table scores(List<ScoredImage> ranked) {
    Table table = new Table().row("seed", "score");
    for (ScoredImage candidate : ranked) {
      table.row(
          Long.toString(candidate.picture().seed()),
          String.format(Locale.ROOT, "%.4f", candidate.score()));
    }
    return table;
  }

  private void tell(Path file, String more) {
    surroundings.out().println("Wrote " + OutputFile.absolute(file) + " (" + more + ")");
  }

  private int done(JsonArray pictures, JsonObject more) {
    if (result.json()) {
      JsonObject json = new JsonObject();
      json.add("pictures", pictures);
      more.entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
      ResultOptions.print(json, surroundings.out());
    }
    return ExitCode.OK;
  }
}
