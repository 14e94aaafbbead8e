package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.FixtureModels;
import dev.showo2.conformance.Fixtures;
import dev.showo2.samples.testing.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {

  @AutoClose private static final Fixtures FIXTURES = Fixtures.open();

  @AutoClose private static final FixtureModels MODELS = new FixtureModels();

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
    assertTrue(
        all[all.length - 1].matches("\\d+ passed, 0 failed, 0 waived, \\d+ not run"), result.out());
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
    assertTrue(result.out().startsWith("failed  H-01/tiny-a/time_embedding  "), result.out());
    assertTrue(
        result
            .out()
            .endsWith(
                "0 passed, 1 failed, 0 waived, 0 not run; wrong: Flow head and time embedding\n"),
        result.out());
    assertShowsTheSame(result, again(result));
  }

  /** The command that a failure comes with, run unchanged. */
  private static Cli.Result again(Cli.Result result) {
    List<String> commands =
        result.out().lines().filter(line -> line.startsWith("  again: showo2 ")).toList();
    assertEquals(1, commands.size(), result.out());
    String[] words = commands.get(0).substring("  again: showo2 ".length()).split(" ");
    return Cli.run((Object[]) words);
  }

  private static void assertShowsTheSame(Cli.Result first, Cli.Result again) {
    assertEquals(1, again.code(), again.err());
    assertEquals(first.out().lines().findFirst(), again.out().lines().findFirst());
    assertTrue(again.out().contains("\n0 passed, 1 failed, 0 waived, 0 not run"), again.out());
  }

  @Test
  void bundlesAreTakenAsTheyAre() {
    Path checkpoint = FIXTURES.path("tiny-a");
    Path bundle = MODELS.bundle("tiny-a").directory();
    Cli.Result result =
        verify(
            bundle,
            checkpoint,
            "--backend",
            "reference",
            "--precision",
            "bf16",
            "--only",
            "L-02,H-01",
            "--report",
            folder.resolve("reports"));
    assertEquals(0, result.code(), result.out() + result.err());
    assertEquals(2, lines(result, "passed  "), result.out());
    assertEquals(0, lines(result, "not run  "), result.out());
    assertTrue(Files.exists(folder.resolve("reports/reference-cpu-bf16.xml")), result.err());
    assertTrue(result.err().startsWith("report: "), result.err());

    Cli.Result refused = verify(bundle, checkpoint, "--vae", "vae.pth");
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains(bundle + " is a bundle"), refused.err());
  }

  @Test
  void goldensAreLookedForInTheFolderOfTheCheckpoint() throws IOException {
    Path checkpoint = FIXTURES.path("tiny-a");
    Cli.Result result =
        Cli.run("verify", "--checkpoint", checkpoint, "--backend", "reference", "--only", "H-01");
    assertEquals(0, result.code(), result.out() + result.err());
    assertEquals(1, lines(result, "passed  H-01/tiny-a/time_embedding"), result.out());
  }

  @Test
  void withoutGoldensTheReferenceComputesThem() throws IOException {
    Path bundle = MODELS.bundle("tiny-a").directory();
    List<String> before = temporaryFolders();
    Cli.Result result =
        Cli.run(
            "verify",
            "--checkpoint",
            bundle,
            "--backend",
            "onnx",
            "--only",
            "H-01/tiny-a/time_embedding");
    assertEquals(0, result.code(), result.out() + result.err());
    assertEquals(1, lines(result, "passed  H-01/tiny-a/time_embedding  "), result.out());
    assertTrue(
        result.err().startsWith("computing time_embedding on reference, 1 of 1"), result.err());
    assertEquals(before, temporaryFolders());
  }

  @Test
  void unknownChecksAndPrecisionsAreRefused() {
    Path checkpoint = FIXTURES.path("tiny-a");
    Cli.Result noCheck = verify(checkpoint, checkpoint, "--only", "H-01/tiny-a/tme_embedding");
    assertEquals(2, noCheck.code());
    assertTrue(noCheck.err().contains("there are H-01/tiny-a/time_embedding"), noCheck.err());
    Cli.Result noPrecision = verify(checkpoint, checkpoint, "--precision", "fp17");
    assertEquals(2, noPrecision.code());
    assertTrue(noPrecision.err().contains("fp32, fp16, bf16, int8, int4"), noPrecision.err());
  }

  @Test
  void devicesThatABackendLacksAreRefused() {
    Path checkpoint = FIXTURES.path("tiny-a");
    Cli.Result result = verify(checkpoint, checkpoint, "--backend", "onnx", "--device", "abacus");
    assertEquals(2, result.code());
    assertTrue(
        result
            .err()
            .contains("'onnx' computes on the device \"cpu\" or \"cuda\", asked for \"abacus\""),
        result.err());
    assertEquals(2, verify(checkpoint, checkpoint, "--device", " ").code());
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
    assertEquals(1, lines(result, "not run  P-13/tiny-a/x"), result.out());
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
    assertEquals(2, noGoldens.code());
    assertTrue(noGoldens.err().contains("no cases.json in " + nowhere), noGoldens.err());
    Cli.Result noCheckpoint = verify(nowhere, checkpoint.resolve("goldens"));
    assertEquals(2, noCheckpoint.code());
    assertTrue(noCheckpoint.err().contains("no checkpoint folder at " + nowhere));
  }

  @Test
  void recordedTrainingIsReplayed() throws IOException {
    Path runs = FIXTURES.path("training/tiny-a");
    List<String> before = temporaryFolders();
    Cli.Result result =
        Cli.run(
            "verify",
            "--backend",
            "djl",
            "--checkpoint",
            FIXTURES.path("tiny-a"),
            "--training",
            runs,
            "--only",
            "T-01/tiny-a/interleaved,T-02");
    assertEquals(0, result.code(), result.out() + result.err());
    assertTrue(result.out().startsWith("passed  T-01/tiny-a/interleaved  loss_ntp max rel "));
    assertTrue(result.out().contains("\npassed  T-02/tiny-a/caption  16 rows equal\n"));
    assertTrue(result.out().endsWith("\n5 passed, 0 failed, 0 waived, 0 not run\n"), result.out());
    assertEquals(before, temporaryFolders());
  }

  @Test
  void runsOfAnotherCheckpointFail() {
    Cli.Result result =
        Cli.run(
            "verify",
            "--backend",
            "djl",
            "--checkpoint",
            FIXTURES.path("tiny-a"),
            "--training",
            FIXTURES.path("training/tiny-b"),
            "--only",
            "T-01/tiny-b/video");
    assertEquals(1, result.code(), result.out() + result.err());
    assertTrue(result.out().contains("recorded with another checkpoint"), result.out());
  }

  @Test
  void trainingThatCannotBeReplayedIsRefused() throws IOException {
    Path checkpoint = FIXTURES.path("tiny-a");
    Path runs = FIXTURES.path("training/tiny-a");
    List<Object> verify = List.of("verify", "--checkpoint", checkpoint, "--backend");
    for (List<Object> arguments :
        List.<List<Object>>of(
            List.of("onnx", "--training", runs, "the artifact backend-djl does"),
            List.of("djl", "--training", folder, "no runs.json and no rows.json in " + folder),
            List.of("djl", "--training", runs, "--goldens", checkpoint, "leave out --goldens"),
            List.of("djl", "--training", runs, "--only", "T-01/tiny-a/x", "there are T-01"))) {
      List<Object> typed = new ArrayList<>(verify);
      typed.addAll(arguments.subList(0, arguments.size() - 1));
      Cli.Result result = Cli.run(typed.toArray());
      assertTrue(result.code() != 0 && result.out().isEmpty(), result.out());
      String mention = arguments.get(arguments.size() - 1).toString();
      assertTrue(result.err().contains(mention), result.err());
    }
  }

  private static List<String> temporaryFolders() throws IOException {
    return Trees.names(Path.of(System.getProperty("java.io.tmpdir"))).stream()
        .filter(name -> name.startsWith("showo2-verify-"))
        .toList();
  }
}
