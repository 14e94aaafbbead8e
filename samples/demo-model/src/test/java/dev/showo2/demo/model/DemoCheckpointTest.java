package dev.showo2.demo.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCheckpointTest {

  @TempDir Path folder;

  @Test
  void sumsNameEveryFileThatAnExportNeeds() throws IOException {
    DemoCheckpoint.copyTo(folder);
    try (Stream<Path> copies = Files.list(folder)) {
      assertEquals(
          DemoCheckpoint.hashes().keySet(),
          copies.map(each -> each.getFileName().toString()).collect(Collectors.toSet()));
    }
    assertTrue(
        DemoCheckpoint.hashes()
            .keySet()
            .containsAll(Set.of("config.json", "pytorch_model.bin", "vae.pth", "tokenizer.json")));
  }

  @Test
  void goldensAndSamplesAreBesideTheCheckpoint() throws IOException {
    for (String path :
        List.of("goldens/cases.json", "eval_prompts.json", "samples/und/00.png", "README.md")) {
      DemoCheckpoint.open(path).close();
    }
    assertTrue(DemoCheckpoint.readme().getPath().endsWith("/demo/README.md"));
  }

  @Test
  void aMissingFileIsNamed() {
    String message =
        assertThrows(IOException.class, () -> DemoCheckpoint.open("nothing.bin")).getMessage();
    assertTrue(message.endsWith("no nothing.bin"), message);
  }
}
