package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
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
        drawing("--backend nope", "there is no backend 'nope'; found: djl (usable), onnx (usable)"),
        drawing("--backend nope", "dev.showo2:backend-onnx"),
        drawing(
            "--solver rk45",
            "one of euler, midpoint, heun3, rk4, dopri5, ab2, unipc; found 'rk45'"),
        drawing("--steps 1", "steps: at least 2 time points are needed, found 1"),
        drawing("--steps ten", "Invalid value for option '--steps': 'ten' is not an int"),
        drawing("--guidance -1", "guidance scale: a number from 0 (no guidance) up"),
        drawing("--guidance NaN", "guidance scale: a number from 0 (no guidance) up"),
        drawing("--width 50", "width: a multiple of 16 from 16"),
        drawing("--height 80", "this model generates images of 64x64 pixels only, found 64x80"),
        drawing("--threads 0", "--threads: at least 1 is needed, found 0"),
        drawing("--guidance-end 2", "guidance end: a share of the steps from 0 to 1"),
        drawing("--guidance-start 0.5 --guidance-end 0.2", "guidance start: a share below the"),
        drawing("--preset best", "preset: expected one of quality, balanced, fast; found 'best'"),
        drawing("--reuse all", "step reuse: expected none, velocity:STEPS, adaptive:TOLERANCE"),
        drawing("--reuse velocity:2 --solver rk4", "step reuse: a solver is needed that evaluates"),
        drawing("--shift 0", "time shift: a number above 0 is needed, found 0"),
        drawing("--guidance 0 --negative x", "negative prompt: it takes part through guidance"),
        drawing("--tiling some", "--tiling: one of auto, always, never is needed, found 'some'"),
        drawing("--control-tokens no", "--control-tokens: one of auto, text, recognized is needed"),
        drawing("--images 0", "--images: 1 to 256 are needed, found 0"),
        drawing("--best-of 1", "candidates: 2 to 256 are needed, found 1"),
        drawing("--best-of 2 --images 2", "--best-of writes one image and --images several"),
        drawing("--judge Why?", "--judge: says what --best-of asks; give --best-of as well"),
        drawing("--preview-every 2", "--preview-every: name the file with --preview"),
        drawing("--preview p.png --preview-every 0", "--preview-every: at least 1 is needed"),
        drawing("--preview missing/p.png", "--preview: there is no folder"),
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
    // Whoever is first makes the demo's bundle, and says so before.
    assertTrue(result.err().lines().anyMatch(line -> line.startsWith("showo2: ")), result.err());
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
  void imagesThatAreNone() throws IOException {
    Path missing = folder.resolve("missing.png");
    assertRefused(
        ExitCode.USAGE, "there is no file " + missing, Cli.run("ask", missing, "What is it?"));
    Path text = Files.writeString(folder.resolve("text.png"), "Hello there");
    assertRefused(
        ExitCode.USAGE,
        "a PNG, JPEG, BMP, GIF, TIFF or WebP image or a video was expected, but "
            + text
            + " begins with",
        Cli.run("ask", text, "What is it?"));
    Path cut = folder.resolve("cut.png");
    Files.write(cut, new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0});
    assertRefused(
        ExitCode.USAGE,
        cut + " begins like a PNG image but cannot be decoded",
        Cli.run("animate", cut, "x", "--out", folder.resolve("x.mp4")));
  }

  @Test
  void limitsOfAnAnswer() throws IOException {
    Path image = folder.resolve("gray.png");
    ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY), "png", image.toFile());
    assertRefused(
        ExitCode.USAGE,
        "max tokens: at least 1 is needed, found 0",
        Cli.run("ask", image, "What is it?", "--max-tokens", 0));
    assertRefused(ExitCode.USAGE, "Missing required parameter: 'QUESTION'", Cli.run("ask", image));
  }

  @Test
  void videosThatAreNone() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertRefused(
        ExitCode.USAGE,
        empty + " is a folder without images",
        Cli.run("ask", empty, "What happens?"));
    Path text = Files.writeString(folder.resolve("text.mp4"), "Hello there");
    assertRefused(
        ExitCode.USAGE,
        "FILE: a PNG, JPEG, BMP, GIF, TIFF or WebP image or a video was expected, but "
            + text
            + " begins with",
        Cli.run("ask", text, "What happens?"));
    Path nothing = Files.createFile(folder.resolve("nothing.mp4"));
    assertRefused(ExitCode.USAGE, nothing + " is empty", Cli.run("ask", nothing, "What?"));
    Path gif = Files.write(folder.resolve("no.gif"), gifWithoutFrames());
    assertRefused(ExitCode.USAGE, gif.toString(), Cli.run("ask", gif, "What happens?"));
  }

  private static byte[] gifWithoutFrames() {
    return new byte[] {'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0, 0, 0, 0, 0x3b};
  }

  @Test
  void filesThatDoNotGoTogether() throws IOException {
    Path frames = Files.createDirectory(folder.resolve("frames"));
    for (String name : List.of("1.png", "2.png")) {
      ImageIO.write(
          new BufferedImage(8, 6, BufferedImage.TYPE_INT_RGB),
          "png",
          frames.resolve(name).toFile());
    }
    Path image = frames.resolve("1.png");
    assertRefused(
        ExitCode.USAGE,
        "FILE: images or one video are needed, found 2 files with the video " + frames,
        Cli.run("ask", image, frames, "What is it?"));
    assertRefused(
        ExitCode.USAGE,
        "QUESTION: comes last, after all files, found the file " + image,
        Cli.run("ask", frames.resolve("2.png"), image));
    assertRefused(
        ExitCode.USAGE,
        "--frames: is for a video, found images; leave it out",
        Cli.run("ask", image, "What is it?", "--frames", 8));
    assertRefused(
        ExitCode.USAGE,
        "--frames: at least 1 is needed, found 0",
        Cli.run("ask", frames, "What is it?", "--frames", 0));
    assertRefused(
        ExitCode.USAGE,
        "--mask and --outpaint both say what may change",
        Cli.run(
            "edit",
            image,
            "x",
            "--out",
            folder.resolve("x.png"),
            "--mask",
            image,
            "--outpaint",
            "1,1,1,1"));
    assertRefused(
        ExitCode.USAGE,
        "mask: the image's size is needed, 8x6 pixels, found 9x6",
        Cli.run("edit", image, "x", "--out", folder.resolve("x.png"), "--mask", wider(image)));
  }

  private Path wider(Path source) throws IOException {
    BufferedImage image = ImageIO.read(source.toFile());
    Path file = folder.resolve("wider.png");
    ImageIO.write(
        new BufferedImage(image.getWidth() + 1, image.getHeight(), BufferedImage.TYPE_BYTE_GRAY),
        "png",
        file.toFile());
    return file;
  }

  static Stream<Arguments> videos() {
    return Stream.of(
        drawing("x.avi", "a name that ends with .mp4, .webm or .gif was expected"),
        drawing("missing/x.mp4", "cannot write a video to"),
        drawing("x.mp4 --fps 0", "frame rate: "),
        drawing("x.gif --fps 60", "up to 50.0 frames a second fit into a GIF"),
        drawing("x.mp4 --latent-frames 0", "latent frames: 1 to 256 are needed, found 0"),
        drawing("x.mp4 --steps 1", "steps: at least 2 time points are needed"),
        drawing("x.mp4 --threads 0", "--threads: at least 1 is needed, found 0"),
        drawing("x --preview x/p.png", "there is no folder"));
  }

  @ParameterizedTest
  @MethodSource("videos")
  void videosThatCannotBeMade(String outAndMore, String message) throws IOException {
    String[] more = outAndMore.split(" ");
    Object[] args = new Object[3 + more.length];
    System.arraycopy(new Object[] {"video", "a circle", "--out"}, 0, args, 0, 3);
    System.arraycopy(more, 0, args, 3, more.length);
    args[3] = folder.resolve(more[0]);
    assertRefused(ExitCode.USAGE, message, Cli.run(args));
    assertEquals(List.of(), Trees.names(folder));
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        drawing("--strength 1.5", "strength: a number from 0 (as it is) to 1"),
        drawing("--outpaint 1,2,3", "--outpaint: LEFT,TOP,RIGHT,BOTTOM in pixels is needed"),
        drawing("--outpaint 0,0,0,0", "outpainting: at least 0 pixels on each side and 1 in all"),
        drawing("--outpaint=-1,0,0,2", "outpainting: at least 0 pixels on each side"),
        drawing("--mask missing.png", "there is no file missing.png"),
        drawing("--width 50", "width: a multiple of 16 from 16"));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void imagesThatCannotBeChanged(String more, String message) throws IOException {
    Path image = folder.resolve("gray.png");
    ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY), "png", image.toFile());
    String[] options = more.split(" ");
    Object[] args = new Object[5 + options.length];
    Object[] first = {"edit", image, "a circle", "--out", folder.resolve("x.png")};
    System.arraycopy(first, 0, args, 0, 5);
    System.arraycopy(options, 0, args, 5, options.length);
    assertRefused(ExitCode.USAGE, message, Cli.run(args));
    assertEquals(List.of("gray.png"), Trees.names(folder));
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        drawing("--temperature 0", "temperature: expected a finite number above 0"),
        drawing("--top-k 0", "topK: expected at least 1; found 0"),
        drawing("--top-p 2", "topP: expected above 0 and at most 1; found 2"),
        drawing("--repetition-penalty 0", "repetition penalty: a number from 0.1 to 10"),
        drawing("--stop=", "stop sequences: text is needed in each, found an empty one"),
        drawing("--images 0", "max images: 1 to 64 are needed, found 0"),
        drawing("--later-guidance -1", "later guidance scale: a number from 0"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void textsThatCannotBeWritten(String more, String message) throws IOException {
    String[] options = more.split(" ");
    Object[] args = new Object[4 + options.length];
    Object[] first = {"story", "Draw a circle.", "--out", folder.resolve("story")};
    System.arraycopy(first, 0, args, 0, 4);
    System.arraycopy(options, 0, args, 4, options.length);
    assertRefused(ExitCode.USAGE, message, Cli.run(args));
    assertEquals(List.of(), Trees.names(folder));
  }

  @Test
  void errorsAsJson() {
    for (Object[] args :
        List.of(
            new Object[] {"generate", "x", "--json", "--steps", 1},
            new Object[] {"video", "x", "--json"},
            new Object[] {"story", "x", "--out", folder.resolve("a/b"), "--json"},
            new Object[] {"chat", "--json", "--max-tokens", "many"})) {
      Cli.Result result = Cli.run(args);
      assertEquals(ExitCode.USAGE, result.code());
      assertEquals("", result.out());
      JsonObject error = JsonParser.parseString(result.err()).getAsJsonObject();
      assertEquals(ExitCode.USAGE, error.get("exit_code").getAsInt());
      assertFalse(error.get("error").getAsString().isBlank());
    }
    JsonObject failed =
        JsonParser.parseString(
                Cli.run("generate", "x", "--json", "--bundle", folder.resolve("missing")).err())
            .getAsJsonObject();
    assertEquals(ExitCode.USAGE, failed.get("exit_code").getAsInt());
    assertTrue(failed.get("error").getAsString().startsWith("no bundle at "), failed.toString());
    // After two dashes it is a prompt.
    Cli.Result prompt = Cli.run("generate", "--steps", 1, "--", "--json");
    assertTrue(prompt.err().startsWith("showo2: steps: "), prompt.err());
  }

  @Test
  void bundlesThatCannotBeOpened() throws IOException {
    Path missing = folder.resolve("missing");
    assertRefused(
        ExitCode.USAGE,
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
        ExitCode.USAGE,
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
    assertEquals(ExitCode.USAGE, result.code());
    assertTrue(result.err().contains("\tat dev.showo2."), result.err());
    assertTrue(result.err().contains("showo2: no bundle at "), result.err());
  }
}
