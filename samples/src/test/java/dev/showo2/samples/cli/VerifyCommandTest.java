package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.Fixtures;
import dev.showo2.samples.testing.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {

  @AutoClose private static final Fixtures FIXTURES = Fixtures.open();

  @TempDir private Path folder;

  private static Cli.Result verify(Path checkpoint, Path goldens, Object... more) {
    Object[] args = new Object[5 + more.length];
    System.arraycopy(
        new Object[] {"verify", "--checkpoint", checkpoint, "--goldens", goldens}, 0, args, 0, 5);
    System.arraycopy(more, 0, args, 5, more.length);
    return Cli.run(args);
  }

  private static long lines(Cli.Result result, String beginning) {
    return result.out().lines().filter(line -> line.startsWith(beginning)).count();
  }

  @Test
  void tinyCheckpointPasses() throws IOException {
    Path checkpoint = FIXTURES.path("tiny-a");
    List<String> before = temporaryFolders();
    Cli.Result result = verify(checkpoint, checkpoint.resolve("goldens"));

    assertEquals(0, result.code(), result.out() + result.err());
    assertTrue(lines(result, "passed  ") >= 15, result.out());
    assertEquals(0, lines(result, "failed  "), result.out());
    String[] all = result.out().split("\\R");
    assertTrue(all[all.length - 1].matches("\\d+ passed, 0 failed, \\d+ not run"), result.out());
    assertEquals(before, temporaryFolders());
  }

  @Test
  void alteredWeightFails() throws IOException {
    Path original = FIXTURES.path("tiny-a");
    Path checkpoint = Files.createDirectory(folder.resolve("altered"));
    for (String name :
        List.of("config.json", "arch.json", "tokenizer.json", "vae.pth", "pytorch_model.bin")) {
      Files.copy(original.resolve(name), checkpoint.resolve(name));
    }
    TorchFile.negateOneNumberOfEachStorage(checkpoint.resolve("pytorch_model.bin"));
    Cli.Result result =
        verify(checkpoint, original.resolve("goldens"), "--stage", "time_embedding");

    assertEquals(1, result.code(), result.out() + result.err());
    assertEquals(1, lines(result, "failed  time_embedding"), result.out());
    assertTrue(result.out().endsWith("0 passed, 1 failed, 0 not run" + System.lineSeparator()));
  }

  @Test
  void nothingThatRanIsNoSuccess() throws IOException {
    Path checkpoint = FIXTURES.path("tiny-a");
    Files.copy(
        checkpoint.resolve("goldens/time_embedding.safetensors"), folder.resolve("x.safetensors"));
    Files.writeString(
        folder.resolve("cases.json"),
        """
        {"checkpoint": "tiny-a", "cases": [
          {"name": "x", "stage": "telepathy", "file": "x.safetensors", "tensors": {}}]}
        """);
    Cli.Result result = verify(checkpoint, folder);
    assertEquals(1, result.code(), result.err());
    assertEquals(1, lines(result, "not run  x"), result.out());
  }

  @Test
  void unknownStageIsRefusedWithThoseThereAre() {
    Path checkpoint = FIXTURES.path("tiny-a");
    Cli.Result result = verify(checkpoint, checkpoint.resolve("goldens"), "--stage", "fusoin");
    assertEquals(2, result.code());
    assertTrue(result.err().contains("no case of 'fusoin'"), result.err());
    assertTrue(result.err().contains("flow_head, fusion,"), result.err());
    assertEquals("", result.out());
  }

  @Test
  void missingFoldersAreNamed() {
    Path checkpoint = FIXTURES.path("tiny-a");
    Path nowhere = folder.resolve("nowhere");
    Cli.Result noGoldens = verify(checkpoint, nowhere);
    assertEquals(1, noGoldens.code());
    assertTrue(noGoldens.err().contains("no cases.json in " + nowhere), noGoldens.err());
    Cli.Result noCheckpoint = verify(nowhere, checkpoint.resolve("goldens"));
    assertEquals(1, noCheckpoint.code());
    assertTrue(noCheckpoint.err().contains("no checkpoint folder at " + nowhere));
  }

  private static List<String> temporaryFolders() throws IOException {
    return Trees.names(Path.of(System.getProperty("java.io.tmpdir"))).stream()
        .filter(name -> name.startsWith("showo2-verify-"))
        .toList();
  }
}
