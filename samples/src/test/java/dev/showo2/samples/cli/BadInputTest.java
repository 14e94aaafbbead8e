package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.samples.testing.TestCache;
import dev.showo2.samples.testing.Trees;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything a user can get wrong gives one clear message, the right code, and no file. */
class BadInputTest {

  @TempDir private Path folder;

  static Stream<Arguments> requests() {
    return Stream.of(
        drawing("--backend nope", "there is no backend 'nope'; found: onnx (usable)"),
        drawing("--backend nope", "dev.showo2:backend-onnx"),
        drawing("--solver rk45", "one of euler, midpoint, heun3, rk4, dopri5; found 'rk45'"),
        drawing("--steps 1", "steps: at least 2 time points are needed, found 1"),
        drawing("--steps ten", "Invalid value for option '--steps': 'ten' is not an int"),
        drawing("--guidance -1", "guidance scale: a number from 0 (no guidance) up"),
        drawing("--guidance NaN", "guidance scale: a number from 0 (no guidance) up"),
        drawing("--width 50", "width: a multiple of 16 from 16"),
        drawing("--height 80", "this model draws pictures of 64x64 pixels only, found 64x80"),
        drawing("--threads 0", "--threads: at least 1 is needed, found 0"),
        drawing("--sede 7", "Possible solutions: --seed"),
        drawing("in two words", "Unmatched arguments from index"));
  }

  private static Arguments drawing(String more, String message) {
    return Arguments.of(more, message);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void drawingIsRefused(String more, String message) throws IOException {
    Path file = folder.resolve("x.png");
    String[] options = more.split(" ");
    Object[] args = new Object[4 + options.length];
    System.arraycopy(new Object[] {"generate", "a circle", "--out", file}, 0, args, 0, 4);
    System.arraycopy(options, 0, args, 4, options.length);
    assertRefused(ExitCode.USAGE, message, Cli.run(args));
    assertEquals(List.of(), Trees.names(folder));
  }

  private static void assertRefused(int code, String message, Cli.Result result) {
    assertEquals(code, result.code(), result.err());
    assertTrue(result.err().startsWith("showo2: "), result.err());
    assertTrue(result.err().contains(message), result.err());
    assertFalse(result.err().contains("\tat "), result.err());
    assertEquals("", result.out());
  }

  @Test
  void promptThatIsTooLong() {
    Cli.Result result = Cli.run("generate", "red circle ".repeat(500));
    assertRefused(ExitCode.USAGE, "prompt: this model takes up to ", result);
    assertTrue(result.err().matches("(?s).*up to \\d+ tokens, found \\d+; shorten.*"));
  }

  @Test
  void placesThatCannotBeWritten() {
    assertRefused(
        ExitCode.USAGE,
        "is a folder; name a file in it",
        Cli.run("generate", "x", "--out", folder));
    Path missing = folder.resolve("missing");
    assertRefused(
        ExitCode.USAGE,
        "there is no folder " + missing,
        Cli.run("generate", "x", "--out", missing.resolve("x.png")));
  }

  @Test
  void picturesThatAreNone() throws IOException {
    Path missing = folder.resolve("missing.png");
    assertRefused(
        ExitCode.USAGE, "there is no file " + missing, Cli.run("ask", missing, "What is it?"));
    Path text = Files.writeString(folder.resolve("text.png"), "Hello there");
    assertRefused(
        ExitCode.USAGE,
        "a PNG, JPEG, BMP or GIF image was expected, but " + text + " begins with",
        Cli.run("ask", text, "What is it?"));
  }

  @Test
  void limitsOfAnAnswer() throws IOException {
    Path picture = folder.resolve("gray.png");
    ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY), "png", picture.toFile());
    assertRefused(
        ExitCode.USAGE,
        "max tokens: at least 1 is needed, found 0",
        Cli.run("ask", picture, "What is it?", "--max-tokens", 0));
    assertRefused(
        ExitCode.USAGE, "Missing required parameter: 'QUESTION'", Cli.run("ask", picture));
  }

  @Test
  void bundlesThatCannotBeOpened() throws IOException {
    Path missing = folder.resolve("missing");
    assertRefused(
        ExitCode.FAILED,
        "no bundle at " + missing,
        Cli.run("generate", "x", "--bundle", missing, "--out", folder.resolve("x.png")));
    Path damaged = Trees.copy(TestCache.bundle(), folder.resolve("damaged"));
    Trees.damage(damaged.resolve("fusion.onnx"));
    assertRefused(
        ExitCode.FAILED,
        "fusion.onnx was altered",
        Cli.run("generate", "x", "--bundle", damaged, "--out", folder.resolve("x.png")));
    assertEquals(List.of("damaged"), Trees.names(folder));
  }

  @Test
  void checkpointThatIsNone() throws IOException {
    Path missing = folder.resolve("missing");
    assertRefused(
        ExitCode.FAILED,
        "no checkpoint folder at " + missing,
        withoutProgress(Cli.run("export", missing, folder.resolve("bundle"))));
    assertEquals(List.of(), Trees.names(folder));
  }

  private static Cli.Result withoutProgress(Cli.Result result) {
    return new Cli.Result(
        result.code(), result.out(), result.err().replaceFirst("(?m)^reading .*\\R", ""));
  }

  @Test
  void commandsThatAreNone() {
    Cli.Result unknown = Cli.run("genrate", "x");
    assertRefused(ExitCode.USAGE, "genrate", unknown);
    assertTrue(unknown.err().contains("generate"), unknown.err());
    assertRefused(ExitCode.USAGE, "Missing required subcommand", Cli.run());
  }

  @Test
  void stackTraceOnDemand() {
    Cli.Result result =
        Cli.run("generate", "x", "--stacktrace", "--bundle", folder.resolve("missing"));
    assertEquals(ExitCode.FAILED, result.code());
    assertTrue(result.err().contains("\tat dev.showo2."), result.err());
    assertTrue(result.err().contains("showo2: no bundle at "), result.err());
  }
}
