package dev.showo2.demo.world;

import dev.showo2.model.internal.JsonFields;
import java.util.List;
import org.apiguardian.api.API;

/** The prompts and the questions of {@code eval_prompts.json}. */
@API(status = API.Status.INTERNAL, since = "0.1")
public record EvalPrompts(List<DemoPrompt> prompts, List<ImageQuestion> questions) {

  private static final String FILE = "eval_prompts.json";

  /**
   * Validates the components.
   *
   * @param prompts the prompts for images
   * @param questions the questions on images
   */
  public EvalPrompts {
    prompts = List.copyOf(prompts);
    questions = List.copyOf(questions);
  }

  /** {@return the prompts of the reference data} */
  public static EvalPrompts load() {
    return parse(DemoResources.text(FILE));
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
}
