package dev.showo2.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the API of the baseline with itself after edits. */
class ApiBaselineTest {

  private static final Path STUBS = Path.of(ApiComparison.BASELINE);
  private static final String BODY = " { throw null; } ";

  @TempDir static Path temp;

  private static Path baseline;

  @BeforeAll
  static void compileBaseline() throws IOException {
    baseline = ApiComparison.compile(STUBS, temp.resolve("baseline"));
  }

  @Test
  void settingCanBeAdded() throws IOException {
    SortedSet<String> breaks =
        breaksOf(
            "dev/showo2/pipeline/TextToImageRequest.java",
            text ->
                insert(
                    insert(
                        text,
                        "public TextToImageRequest build()",
                        "public Builder tiled(boolean on)" + BODY),
                    "public String prompt()",
                    "public boolean tiled()" + BODY));
    assertEquals(Set.of(), breaks);
  }

  @Test
  void settingCannotBeTakenAway() throws IOException {
    assertEquals(
        Set.of("dev.showo2.pipeline.TextToImageRequest#prompt(): METHOD_REMOVED"),
        breaksOf(
            "dev/showo2/pipeline/TextToImageRequest.java",
            text -> text.replace("public String prompt()", "private String words()")));
  }

  @Test
  void vendorsNeedNotImplementWhatIsNew() throws IOException {
    String backend = "dev/showo2/spi/Backend.java";
    assertEquals(
        Set.of(), breaksOf(backend, text -> text.replaceFirst("[{]", "{ default void warm() {}")));
    SortedSet<String> breaks =
        breaksOf(backend, text -> text.replaceFirst("[{]", "{ void warm();"));
    assertTrue(
        breaks.contains("dev.showo2.spi.Backend#warm(): METHOD_ADDED_TO_INTERFACE"),
        breaks::toString);
  }

  private static String insert(String text, String before, String member) {
    assertTrue(text.contains(before), before);
    return text.replace(before, member + before);
  }

  /** Compares the baseline with itself after an edit of one type. */
  private static SortedSet<String> breaksOf(String type, UnaryOperator<String> edit)
      throws IOException {
    Path work = Files.createTempDirectory(temp, "edited");
    Path classes = work.resolve("classes");
    copy(baseline, classes);
    String before = Files.readString(STUBS.resolve(type));
    String after = edit.apply(before);
    assertNotEquals(before, after);
    Path source = work.resolve("sources").resolve(type);
    Files.createDirectories(source.getParent());
    Files.writeString(source, after);
    ApiComparison.compile(work.resolve("sources"), classes, baseline);
    return ApiComparison.breaks(baseline, classes, work);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path each : tree.toList()) {
        Files.copy(each, to.resolve(from.relativize(each)));
      }
    }
  }
}
