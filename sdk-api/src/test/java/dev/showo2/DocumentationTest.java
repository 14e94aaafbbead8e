package dev.showo2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Follows the links, paths and references to SPEC in the documents and sources of all modules. */
class DocumentationTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
  private static final Pattern PATH =
      Pattern.compile(
          "`((?:sdk-api|model-export|backend-onnx|backend-djl|backend-tensorrt|conformance-tests|samples)/[\\w./-]+)`");
  private static final Pattern SECTION =
      Pattern.compile("\\bSPEC (\\d+)(?:(?:, | and |-)(\\d+))*|\\bSPEC,? [Aa]ppendix ([A-Z])");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

  private static final List<Path> documents = new ArrayList<>();
  private static final List<Path> sources = new ArrayList<>();

  @BeforeAll
  static void find() throws IOException {
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean foreign = name.equals("target") || name.startsWith(".");
            return foreign && !folder.equals(ROOT)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".md")) {
              documents.add(file);
            } else if (file.toString().endsWith(".java")) {
              sources.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertFalse(documents.isEmpty());
    assertFalse(sources.isEmpty());
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    Set<String> broken = new TreeSet<>();
    for (Path document : documents) {
      for (MatchResult link : matches(LINK, Files.readString(document))) {
        String target = link.group(1);
        if (!target.matches("[a-z]+:.*") && !leadsSomewhere(document, target)) {
          broken.add(ROOT.relativize(document) + ": " + target);
        }
      }
    }
    assertEquals(Set.of(), broken);
  }

  private static boolean leadsSomewhere(Path document, String target) throws IOException {
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
    if (parts.length == 1 || !Files.isRegularFile(file)) {
      return parts.length == 1 && Files.exists(file);
    }
    return matches(HEADING, Files.readString(file)).stream()
        .anyMatch(heading -> anchor(heading.group(1)).equals(parts[1]));
  }

  /** The anchor that GitHub gives a heading. */
  private static String anchor(String heading) {
    return heading
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .strip()
        .replace(' ', '-');
  }

  /** Except in the README files of checkpoints and goldens, whose paths are those of the data. */
  @Test
  void pathsExist() throws IOException {
    Set<String> broken = new TreeSet<>();
    for (Path document : documents) {
      if (document.toString().contains("resources")) {
        continue;
      }
      for (MatchResult path : matches(PATH, Files.readString(document))) {
        boolean built = path.group(1).contains("/target/");
        if (!built && !Files.exists(ROOT.resolve(path.group(1)))) {
          broken.add(ROOT.relativize(document) + ": " + path.group(1));
        }
      }
    }
    assertEquals(Set.of(), broken);
  }

  @Test
  void sectionsOfTheSpecExist() throws IOException {
    String spec = Files.readString(ROOT.resolve("sdk-api/SPEC.md"));
    Set<String> sections = new TreeSet<>();
    for (MatchResult heading :
        matches(Pattern.compile("(?m)^## (?:Appendix ([A-Z])|(\\d+))"), spec)) {
      sections.add(heading.group(1) == null ? heading.group(2) : heading.group(1));
    }
    Set<String> broken = new TreeSet<>();
    List<Path> all = new ArrayList<>(documents);
    all.addAll(sources);
    for (Path file : all) {
      for (MatchResult reference : matches(SECTION, Files.readString(file))) {
        for (int i = 1; i <= reference.groupCount(); i++) {
          if (reference.group(i) != null && !sections.contains(reference.group(i))) {
            broken.add(ROOT.relativize(file) + ": " + reference.group());
          }
        }
      }
    }
    assertEquals(Set.of(), broken);
  }

  private static List<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }
}
