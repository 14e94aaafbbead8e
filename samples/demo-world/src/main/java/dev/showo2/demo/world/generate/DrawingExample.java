package dev.showo2.demo.world.generate;

import dev.showo2.demo.world.PromptGrammar.DemoPrompt;
import org.apiguardian.api.API;

/**
 * A prompt and an image that shows what it asks for.
 *
 * @param prompt with what the image shows
 * @param scene the image
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DrawingExample(DemoPrompt prompt, ShapeScene scene) {}
