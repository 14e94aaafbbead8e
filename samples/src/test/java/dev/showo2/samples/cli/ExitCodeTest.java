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
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same mistake in the command line has the same exit code in every command. */
class ExitCodeTest {

  @TempDir private Path folder;

  private Path image;
  private Path full;

  @BeforeEach
  void files() throws IOException {
    image = folder.resolve("gray.png");
    ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY), "png", image.toFile());
    full = Files.createDirectory(folder.resolve("full"));
    Files.writeString(full.resolve("file"), "theirs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "generate x --out OUT --bundle MISSING",
        "edit MISSING x --out OUT",
        "edit IMAGE x --out OUT --mask MISSING",
        "edit IMAGE x --out OUT --bundle MISSING",
        "video x --out OUT.mp4 --bundle MISSING",
        "animate MISSING x --out OUT.mp4",
        "animate IMAGE x --out OUT.mp4 --bundle MISSING",
        "ask MISSING x",
        "ask IMAGE x --bundle MISSING",
        "story x --out NEW --bundle MISSING",
        "chat --image MISSING",
        "chat --bundle MISSING",
        "export MISSING NEW",
        "export BUNDLE NEW --vae MISSING",
        "export BUNDLE NEW --tokenizer MISSING",
        "export BUNDLE NEW --lora MISSING",
        "convert MISSING NEW",
        "inspect MISSING",
        "synthesize --model tiny --out NEW --tokenizer MISSING",
        "init --like MISSING --out NEW",
        "init --like BUNDLE --backbone MISSING --out NEW",
        "verify --checkpoint MISSING",
        "verify --checkpoint BUNDLE --goldens MISSING",
        "conformance --backend reference --waivers MISSING",
        "record --checkpoint MISSING --out NEW",
      })
  void missingInput(String command) throws IOException {
    assertRefused(command, folder.resolve("missing").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo FULL",
        "export BUNDLE FULL",
        "convert BUNDLE FULL",
        "story x --out FULL",
        "video x --out FULL",
        "animate IMAGE x --out FULL",
        "synthesize --model tiny --out FULL",
        "init --like BUNDLE --out FULL",
        "record --checkpoint BUNDLE --out FULL",
      })
  void folderThatIsNotEmpty(String command) throws IOException {
    assertRefused(command, full.toString());
  }

  private static final String[] RUNNING = {
    "generate x --out OUT",
    "edit IMAGE x --out OUT",
    "video x --out OUT.mp4",
    "animate IMAGE x --out OUT.mp4",
    "ask IMAGE x",
    "story x --out NEW",
    "chat",
    "verify --checkpoint BUNDLE --goldens FULL",
    "conformance",
    "record --checkpoint BUNDLE --out NEW",
    "bench --bundle BUNDLE",
  };

  static Stream<String> running() {
    return Arrays.stream(RUNNING);
  }

  @ParameterizedTest
  @MethodSource("running")
  void backendThatIsNone(String command) throws IOException {
    assertRefused(command + " --backend nope", "there is no backend 'nope'");
  }

  @ParameterizedTest
  @MethodSource("running")
  void deviceThatTheBackendLacks(String command) throws IOException {
    assertRefused(
        command + " --backend reference --device abacus",
        "'reference' computes on the device \"cpu\", asked for \"abacus\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "export BUNDLE NEW --target nope",
        "convert BUNDLE NEW --target nope",
      })
  void targetThatIsNone(String command) throws IOException {
    assertRefused(command, "there is no backend 'nope'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"generate", "edit", "video", "animate", "story"})
  void wordsOfPromptsWithoutQuotes(String command) throws IOException {
    String input = List.of("edit", "animate").contains(command) ? " IMAGE" : "";
    assertRefused(
        command + input + " a red circle --out NEW", "put the prompt in quotes: \"a red circle\"");
  }

  @Test
  void wordsOfQuestionsWithoutQuotes() throws IOException {
    assertRefused("ask IMAGE What is it?", "put that in quotes: \"What is it?\"");
  }

  @Test
  void questionsWithoutWords() {
    for (String question : List.of("", "  ")) {
      Cli.Result result = Cli.run("ask", image, question, "--bundle", folder.resolve("missing"));
      assertEquals(ExitCode.USAGE, result.code());
      assertTrue(result.err().contains("QUESTION: a question is needed"), result.err());
    }
  }

  @Test
  void damagedInputIsNoMistakeInTheCommandLine() throws IOException {
    Path damaged = Trees.copy(TestCache.bundle(), folder.resolve("damaged"));
    Trees.damage(damaged.resolve("fusion.onnx"));
    for (String command :
        List.of(
            "generate x --out OUT --bundle DAMAGED",
            "convert DAMAGED NEW",
            "verify --checkpoint DAMAGED --goldens FULL",
            "record --checkpoint DAMAGED --out NEW")) {
      assertEquals(ExitCode.FAILED, run(command).code(), command);
    }
  }

  private void assertRefused(String command, String message) throws IOException {
    Cli.Result result = run(command);
    assertEquals(ExitCode.USAGE, result.code(), result.err());
    assertTrue(result.err().startsWith("showo2: "), result.err());
    assertTrue(result.err().contains(message), result.err());
    assertEquals("", result.out());
    assertFalse(Files.exists(folder.resolve("new")));
    assertEquals(List.of("file"), Trees.names(full));
  }

  private Cli.Result run(String command) throws IOException {
    String bundle = TestCache.bundle().toString();
    Object[] args =
        Arrays.stream(command.split(" "))
            .map(word -> word.replace("OUT", folder.resolve("out").toString()))
            .map(word -> word.equals("IMAGE") ? image.toString() : word)
            .map(word -> word.equals("MISSING") ? folder.resolve("missing").toString() : word)
            .map(word -> word.equals("NEW") ? folder.resolve("new").toString() : word)
            .map(word -> word.equals("FULL") ? full.toString() : word)
            .map(word -> word.equals("DAMAGED") ? folder.resolve("damaged").toString() : word)
            .map(word -> word.equals("BUNDLE") ? bundle : word)
            .toArray();
    return Cli.run(args);
  }
}
