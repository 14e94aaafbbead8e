package dev.showo2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The bill of materials, which names the artifacts of all modules but the samples. */
class BomTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
  private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]+)</artifactId>");

  @Test
  void namesTheArtifactsOfAllModules() throws IOException {
    Set<String> artifacts = new TreeSet<>();
    for (MatchResult module : matches(MODULE, ROOT.resolve("pom.xml"))) {
      artifacts.add(Path.of(module.group(1)).getFileName().toString());
    }
    artifacts.removeAll(Set.of("bom", "samples"));
    Set<String> managed = new TreeSet<>();
    String bom = Files.readString(ROOT.resolve("sdk-api/bom/pom.xml"));
    ARTIFACT
        .matcher(bom.substring(bom.indexOf("<dependencyManagement>"), bom.indexOf("<build>")))
        .results()
        .forEach(artifact -> managed.add(artifact.group(1)));
    assertEquals(artifacts, managed);
  }

  private static Iterable<MatchResult> matches(Pattern pattern, Path file) throws IOException {
    return pattern.matcher(Files.readString(file)).results().toList();
  }
}
