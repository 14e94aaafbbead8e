package dev.showo2.samples.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.samples.testing.ChildJvm;
import dev.showo2.samples.testing.TestCache;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the code in the README, and compares it with {@link FiveLines}. */
class ReadmeTest {

  private static final Pattern BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

  private static final String PROGRAM =
      """
      import dev.showo2.*;
      import dev.showo2.media.*;
      import dev.showo2.pipeline.*;
      import java.nio.file.*;

      public class Readme {
        public static void main(String[] args) throws Exception {
          run(Path.of(args[0]));
        }

        static void run(Path bundle) throws Exception {
      %s
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void exampleRuns() throws IOException, InterruptedException {
    compile(String.format(PROGRAM, example()));
    List<String> command = ChildJvm.command("Readme", TestCache.bundle().toString());
    command.set(2, folder + System.getProperty("path.separator") + command.get(2));

    ChildJvm.Result result = ChildJvm.run(folder, Map.of(), command);

    assertEquals(0, result.code(), result.err());
    assertFalse(result.out().isBlank(), "the example prints an answer");
    assertEquals(64, ImageIO.read(folder.resolve("image.png").toFile()).getWidth());
  }

  @Test
  void exampleIsThatOfTheSamples() throws IOException {
    Path source = Path.of("src/main/java/dev/showo2/samples/embedding/FiveLines.java");
    assertTrue(
        unindented(Files.readString(source)).contains(unindented(example())),
        "the README's example should be in " + source + ":\n" + example());
  }

  private static String example() throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(Path.of("..", "README.md")));
    assertTrue(block.find(), "the README has no block of Java");
    return block.group(1);
  }

  private static String unindented(String code) {
    return code.lines().map(String::strip).collect(Collectors.joining("\n"));
  }

  private void compile(String program) throws IOException {
    Path source = Files.writeString(folder.resolve("Readme.java"), program);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("-cp", ChildJvm.classPath(), "-d", folder.toString(), "-proc:none");
      assertTrue(
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
              .call(),
          messages::toString);
    }
  }
}
