package dev.showo2.demo.world.generate;

import dev.showo2.demo.world.ImageQuestions;
import dev.showo2.demo.world.PromptGrammar.DemoPrompt;
import dev.showo2.demo.world.WorldQuestion.Kind;
import java.util.Random;
import org.apiguardian.api.API;

/**
 * A prompt and an image that shows what it asks for.
 *
 * @param prompt with what the image shows
 * @param scene the image
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DrawingExample(DemoPrompt prompt, ShapeScene scene) {

  /**
   * Describes all that the image shows, of which the prompt says a part.
   *
   * @return a sentence in the language of the prompt, as the demo model describes images
   */
  public String caption() {
    return ImageQuestions.ask(
            Kind.DESCRIPTION, scene.shown(), prompt.language(), true, new Random(0))
        .answer();
  }
}
