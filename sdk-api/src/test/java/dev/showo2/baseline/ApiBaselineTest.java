package dev.showo2.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the API of this module with the baseline that the repository holds. */
class ApiBaselineTest {

  private static final Path STUBS = Path.of(ApiComparison.BASELINE);
  private static final Path ACCEPTED = Path.of("src/api/accepted-breaks.txt");
  private static final String BODY = " { throw null; } ";

  @TempDir static Path temp;

  private static Path baseline;

  @BeforeAll
  static void compileBaseline() throws IOException {
    baseline = ApiComparison.compile(STUBS, temp.resolve("baseline"));
  }

  @Test
  void apiBreaksNothingButWhatIsAccepted() throws IOException {
    SortedSet<String> breaks =
        ApiComparison.breaks(
            baseline, Path.of("target/classes"), Files.createTempDirectory(temp, "jars"));
    Set<String> accepted = accepted();
    SortedSet<String> unexpected = new TreeSet<>(breaks);
    unexpected.removeAll(accepted);
    SortedSet<String> outdated = new TreeSet<>(accepted);
    outdated.removeAll(breaks);
    if (!unexpected.isEmpty()) {
      fail(
          "The API breaks code that was compiled against "
              + STUBS
              + ":\n  "
              + String.join("\n  ", unexpected)
              + "\nKeep the old form beside the new one. Where that cannot be, add the line to "
              + ACCEPTED
              + ", followed by ' | ' and the reason. After a release the baseline is written anew:"
              + " mvn -B -q -P api-baseline -DskipTests process-test-classes -pl sdk-api");
    }
    assertEquals(Set.of(), outdated, ACCEPTED + " accepts what is no break; remove these lines");
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

  /** The breaks in the file, without the reasons that have to follow them. */
  private static Set<String> accepted() throws IOException {
    Set<String> all = new TreeSet<>();
    for (String line : Files.readAllLines(ACCEPTED)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.split(" \\| ", 2);
        assertTrue(
            parts.length == 2 && !parts[1].isBlank(), "No reason in " + ACCEPTED + ": " + line);
        all.add(parts[0].strip());
      }
    }
    return all;
  }
}
