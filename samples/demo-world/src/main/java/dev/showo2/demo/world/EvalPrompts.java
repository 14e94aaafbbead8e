package dev.showo2.demo.world;

import dev.showo2.demo.model.DemoCheckpoint;
import dev.showo2.demo.world.PromptGrammar.DemoPrompt;
import dev.showo2.model.internal.JsonFields;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.imageio.ImageIO;
import org.apiguardian.api.API;

/**
 * The prompts and the questions of the demo checkpoint's {@code eval_prompts.json}.
 *
 * @param prompts 60 prompts for images
 * @param questions 60 questions about images
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EvalPrompts(List<DemoPrompt> prompts, List<ImageQuestion> questions) {

  private static final String FILE = "eval_prompts.json";

  /**
   * Copies the lists.
   *
   * @param prompts 60 prompts for images
   * @param questions 60 questions about images
   */
  public EvalPrompts {
    prompts = List.copyOf(prompts);
    questions = List.copyOf(questions);
  }

  /**
   * Reads those of the demo checkpoint.
   *
   * @return both lists
   */
  public static EvalPrompts load() {
    return parse(text(FILE));
  }

  static EvalPrompts parse(String json) {
    JsonFields file = JsonFields.parse(json, FILE);
    return new EvalPrompts(
        file.objects("t2i").stream().map(EvalPrompts::prompt).toList(),
        file.objects("understanding").stream().map(EvalPrompts::question).toList());
  }

  private static DemoPrompt prompt(JsonFields fields) {
    return new DemoPrompt(
        fields.string("prompt"),
        Language.ofCode(fields.string("language")),
        Attributes.of(fields.object("expected")));
  }

  private static ImageQuestion question(JsonFields fields) {
    return new ImageQuestion(
        fields.string("image"),
        fields.string("question"),
        fields.string("answer"),
        fields.string("reference_answer"),
        Attributes.of(fields.object("spec")));
  }

  /**
   * A question about an image.
   *
   * @param image the image, a path for {@link EvalPrompts#image}
   * @param question the text of the question
   * @param answer the true answer
   * @param referenceAnswer what the official code answered, not always the truth
   * @param shown what the image shows
   */
  public record ImageQuestion(
      String image, String question, String answer, String referenceAnswer, Attributes shown) {}

  static String text(String path) {
    try (InputStream in = DemoCheckpoint.open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  /**
   * Reads an image of the demo checkpoint's folder.
   *
   * @param path such as {@code samples/und/00.png}
   * @return the image, 64x64
   */
  public static BufferedImage image(String path) {
    try (InputStream in = DemoCheckpoint.open(path)) {
      return ImageIO.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }
}
