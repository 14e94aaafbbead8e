package dev.showo2.train.recipe;

import dev.showo2.error.InvalidRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apiguardian.api.API;

/**
 * The official recipes (SPEC 10), and those of distillation and adapters, as files to copy and
 * change.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Recipes {

  private static final List<String> NAMES =
      List.of(
          "stage-one-a",
          "stage-one-b",
          "stage-two-a",
          "stage-two-b",
          "stage-two-c",
          "stories",
          "distill",
          "lora");

  private Recipes() {}

  /**
   * Lists the recipes.
   *
   * @return their names
   */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * Returns a recipe.
   *
   * @param name one of {@link #names()}
   * @return a commented configuration, in which model, folder and data are to be named
   * @throws InvalidRequestException if there is none of this name
   */
  public static String text(String name) {
    if (!NAMES.contains(name)) {
      throw new InvalidRequestException(
          "no recipe is named '" + name + "'; there are " + String.join(", ", NAMES));
    }
    try (InputStream in = Recipes.class.getResourceAsStream(name + ".yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the recipe " + name, e);
    }
  }
}
