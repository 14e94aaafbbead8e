package dev.showo2.conformance.toy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares {@code sdk-api/BACKENDS.md} with the toy backend that these tests compile and run. */
class BackendsGuideTest {

  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final int BLOCKS = 7;

  @Test
  void everyPieceOfCodeIsOneOfTheToy() throws IOException {
    String guide = Files.readString(Path.of("..", "sdk-api", "BACKENDS.md"));
    List<String> sources;
    try (Stream<Path> files = Files.list(Path.of("src/test/java/dev/showo2/conformance/toy"))) {
      sources = files.map(BackendsGuideTest::read).toList();
    }
    Matcher matcher = BLOCK.matcher(guide);
    int blocks = 0;
    while (matcher.find()) {
      String code = matcher.group(1);
      assertTrue(sources.stream().anyMatch(source -> source.contains(code)), code);
      blocks++;
    }
    assertEquals(BLOCKS, blocks, "pieces of code in the guide");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
