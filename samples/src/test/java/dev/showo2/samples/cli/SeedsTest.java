package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.media.PngText;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SeedsTest {

  private static final String GREATEST = "18446744073709551615";

  @TempDir private Path folder;

  /** Right is what {@code torch.Generator().manual_seed(…).initial_seed()} gives in torch 2.15. */
  @ParameterizedTest
  @CsvSource({
    "7, 7",
    "-1, " + GREATEST,
    GREATEST + ", " + GREATEST,
    "9223372036854775808, 9223372036854775808",
    "-9223372036854775808, 9223372036854775808",
    "18446744073709551614, 18446744073709551614"
  })
  void areThoseOfTorch(String given, String shown) {
    long seed = new Seeds().convert(given);
    assertEquals(shown, Seeds.text(seed));
    assertEquals(new BigInteger(shown), Seeds.number(seed));
  }

  @ParameterizedTest
  @ValueSource(strings = {"18446744073709551616", "-9223372036854775809", "1.5", "", "seven"})
  void othersAreRefused(String given) {
    TypeConversionException e =
        assertThrows(TypeConversionException.class, () -> new Seeds().convert(given));
    assertTrue(e.getMessage().contains(" to " + GREATEST + " is needed, found '"), e.getMessage());
  }

  @Test
  void everyCommandTakesAndShowsThem() throws IOException {
    Path large = folder.resolve("large.png");
    Path negative = folder.resolve("negative.png");
    Cli.Result result =
        Cli.run("generate", "x", "--steps", 2, "--seed", GREATEST, "--out", large, "--json");
    assertEquals(0, result.code(), result.err());
    JsonObject image =
        JsonParser.parseString(result.out())
            .getAsJsonObject()
            .getAsJsonArray("images")
            .get(0)
            .getAsJsonObject();
    assertEquals(GREATEST, image.get("seed").toString());
    Cli.Result other = Cli.run("generate", "x", "--steps", 2, "--seed", -1, "--out", negative);
    assertTrue(other.out().contains("(seed " + GREATEST + ")"), other.out());
    assertArrayEquals(Files.readAllBytes(large), Files.readAllBytes(negative));
    assertEquals(GREATEST, PngText.read(large).entries().get("seed"));
    Cli.Result answer =
        Cli.run("ask", large, "What?", "--seed", GREATEST, "--max-tokens", 1, "--json");
    assertTrue(answer.out().contains("\"seed\":" + GREATEST + "}"), answer.out());
  }

  /** Programs need no table of which setting is a number. */
  @Test
  void settingsInJsonHaveTypes() {
    Cli.Result result =
        Cli.run(
            "generate",
            "7",
            "--steps",
            3,
            "--seed",
            1,
            "--guidance-end",
            0.5,
            "--out",
            folder.resolve("x.png"),
            "--json");
    assertEquals(0, result.code(), result.err());
    String settings = result.out().substring(result.out().indexOf("\"settings\""));
    assertTrue(settings.contains("\"prompt\":\"7\""), settings);
    assertTrue(settings.contains("\"seed\":1,\"steps\":3,\"guidance_scale\":"), settings);
    assertTrue(settings.contains("\"guidance_end\":0.5"), settings);
    assertTrue(settings.matches("(?s).*\"time_shift\":[0-9.]+,.*"), settings);
    assertTrue(settings.contains("\"solver\":\"euler\""), settings);
  }
}
