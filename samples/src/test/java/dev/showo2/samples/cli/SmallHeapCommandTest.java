package dev.showo2.samples.cli;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.synthetic.SyntheticCheckpoint;
import dev.showo2.export.synthetic.SyntheticRequest;
import dev.showo2.samples.testing.ChildJvm;
import dev.showo2.samples.testing.TestCache;
import dev.showo2.samples.testing.Trees;
import dev.showo2.testing.ArchitectureBuilder;
import dev.showo2.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands in a heap that is smaller than a file of the checkpoint. */
class SmallHeapCommandTest {

  @TempDir private Path folder;

  /** Readers bound what they take, which may still be more than a small heap has. */
  @ParameterizedTest
  @CsvSource({"tokenizer.json, 52", "config.json, 15"})
  void filesThatDoNotFitAreALackOfMemory(String padded, int megabytes)
      throws IOException, InterruptedException {
    Path checkpoint = checkpoint();
    Files.writeString(checkpoint.resolve(padded), " ".repeat(megabytes << 20), APPEND);
    for (List<String> command :
        List.of(List.of("export", "checkpoint", "bundle"), List.of("inspect", "checkpoint"))) {
      List<String> start = ChildJvm.command(Main.class.getName(), command.toArray(String[]::new));
      start.add(1, "-Xmx" + (megabytes + 4) + "m");
      ChildJvm.Result result = ChildJvm.run(folder, Map.of(), start);
      assertEquals(1, result.code(), result.err());
      List<String> lines = result.err().lines().toList();
      String last = lines.get(lines.size() - 1);
      assertTrue(last.matches("showo2: (export|inspect)ing checkpoint takes more .*"), last);
      assertTrue(last.contains(" MiB: give it more with -Xmx"), last);
      assertFalse(result.err().contains("\tat "), result.err());
    }
    assertEquals(
        List.of("checkpoint"),
        Trees.names(folder).stream().filter(name -> !name.startsWith("std")).toList());
  }

  private Path checkpoint() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    Path file = TestCache.bundle().resolve("tokenizer.json");
    try (TextTokenizer tokenizer = TextTokenizer.load(file)) {
      SyntheticCheckpoint.write(
          checkpoint,
          SyntheticRequest.of(
              new ArchitectureBuilder()
                  .backbone(32, 1, 2, 1, 16, 32, tokenizer.vocabularySize(), true)
                  .build(),
              1,
              file));
    }
    return checkpoint;
  }
}
