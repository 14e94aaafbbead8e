package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.demo.model.DemoCheckpoint;
import dev.showo2.samples.testing.ChildJvm;
import dev.showo2.samples.testing.TestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Trains the demo model on a few examples of its world. */
class TrainCommandTest {

  private static final String CONFIG =
      """
      model: MODEL
      folder: NAME
      train: stage-one
      rate: 1e-4
      schedule: constant
      warmup: 1
      steps: 4
      losses: {next-token: 0.2, flow: 1}
      threads: 1
      accumulate: 2
      checkpoints: {every: 2, keep: 2}
      data:
        loaders:
          - {rows-of: text-to-image, format: json-lines, path: data/prompts.jsonl, length: 160}
          - rows-of: conversation
            format: conversations
            path: data/questions.json
            length: 160
      """;

  @TempDir static Path shared;

  @BeforeAll
  static void makeData() {
    Cli.Result made = Cli.run("demo-data", "--out", shared.resolve("data"), "--count", "4");
    assertEquals(0, made.code(), made.err());
  }

  private static Path config(String name, Path model, String more) throws IOException {
    return Files.writeString(
        shared.resolve(name + ".yaml"),
        CONFIG.replace("MODEL", model.toString()).replace("NAME", name) + more);
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aRunLeavesACheckpointThatIsExportedAndDraws() throws IOException {
    Path model = Files.createDirectory(shared.resolve("checkpoint"));
    DemoCheckpoint.copyTo(model);
    Path config =
        config(
            "whole",
            model,
            """
            samples:
              every: 2
              prompts: [a red circle on a white background., a blue square on a black background.]
              images: 2
              steps: 2
              questions:
                - {image: whole/samples/step-2.png, question: What is this?}
              max-tokens: 3
            result: {format: torch}
            """);
    Cli.Result trained = Cli.run("train", config);
    assertEquals(0, trained.code(), trained.err());
    Path run = shared.resolve("whole");
    assertTrue(trained.out().contains("trained 4 steps: " + run.resolve("result")), trained.out());
    assertTrue(trained.err().contains("step 4 of 4: next token "), trained.err());
    assertEquals(
        List.of(
            ".lock",
            "bundle",
            "checkpoint-2",
            "checkpoint-4",
            "config.yaml",
            "curves.png",
            "metrics.csv",
            "metrics.jsonl",
            "result",
            "run.json",
            "samples"),
        files(run));
    assertEquals(
        List.of("step-2.png", "step-2.txt", "step-4.png", "step-4.txt"),
        files(run.resolve("samples")));
    assertTrue(Files.exists(run.resolve("result/pytorch_model.bin")));

    Path bundle = shared.resolve("exported");
    Cli.Result exported = Cli.run("export", run.resolve("result"), bundle);
    assertEquals(0, exported.code(), exported.err());
    Path image = shared.resolve("image.png");
    Cli.Result drawn =
        Cli.run("generate", "a red circle", "--bundle", bundle, "--steps", "2", "--out", image);
    assertEquals(0, drawn.code(), drawn.err());

    Cli.Result again = Cli.run("train", config);
    assertEquals(2, again.code());
    assertTrue(again.err().contains("holds a run already; resume it"), again.err());
  }

  @Test
  void aRunThatIsResumedEqualsTheWholeToTheBit() throws IOException {
    Path model = TestCache.bundle();
    assertEquals(0, Cli.run("train", config("long", model, "")).code());
    // The first half under another schedule would differ, so only the end is put off.
    Path half = config("half", model, "");
    Files.writeString(half, Files.readString(half).replace("steps: 4", "steps: 2"));
    assertEquals(0, Cli.run("train", half).code());
    Path run = shared.resolve("half");
    Path copy = run.resolve("config.yaml");
    Files.writeString(copy, Files.readString(copy).replace("steps: 2", "steps: 4"));
    Path result = Files.move(run.resolve("result"), run.resolve("result-2"));
    Cli.Result resumed = Cli.run("train", "--resume", run, "--json");
    assertEquals(0, resumed.code(), resumed.err());
    JsonObject json = JsonParser.parseString(resumed.out()).getAsJsonObject();
    assertEquals(4, json.get("steps").getAsLong());
    assertFalse(json.get("stopped").getAsBoolean());
    for (String file : List.of("weights", "first_moments", "second_moments")) {
      String name = "checkpoint-4/" + file + ".safetensors";
      assertArrayEquals(
          Files.readAllBytes(shared.resolve("long").resolve(name)),
          Files.readAllBytes(run.resolve(name)),
          name);
    }
    assertTrue(Files.exists(result));

    Files.writeString(copy, Files.readString(copy).replace("stage-one", "stage-two"));
    Cli.Result refused = Cli.run("train", "--resume", run);
    assertEquals(2, refused.code());
    assertTrue(
        refused.err().contains("its trained part was stage-one, this run's is stage-two"),
        refused.err());
    Files.writeString(
        copy,
        Files.readString(copy)
            .replace("stage-two", "stage-one")
            .replace("data/questions.json", "data/stories.json")
            .replace("format: conversations", "format: stories")
            .replace("rows-of: conversation", "rows-of: interleaved"));
    assertEquals(2, Cli.run("train", "--resume", run).code());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // No SIGTERM.
  void aProcessThatIsAskedToEndWritesACheckpoint() throws IOException, InterruptedException {
    Path config = config("stopped", TestCache.bundle(), "");
    Files.writeString(config, Files.readString(config).replace("steps: 4", "steps: 1000000"));
    List<String> command = ChildJvm.command(Main.class.getName(), "train", config.toString());
    try (ChildJvm child = ChildJvm.start(shared, Map.of(), command)) {
      child.awaitNote("step 1 of 1000000: ");
      child.terminate();
      ChildJvm.Result end = child.await();
      assertEquals(143, end.code(), end.err());
      Path run = shared.resolve("stopped");
      assertTrue(
          end.err().contains("interrupted; go on with: showo2 train --resume " + run), end.err());
      assertTrue(end.out().matches("(?s).*stopped behind step [1-9]\\d*\\s*"), end.out());
      assertTrue(
          files(run).stream().anyMatch(name -> name.matches("checkpoint-[1-9]\\d*")),
          files(run).toString());
      assertTrue(
          files(run).stream().noneMatch(name -> name.matches("\\.(checkpoint|showo2).*")),
          files(run).toString());
    }
  }

  @Test
  void anAdapterBecomesAFolderOfPeft() throws IOException {
    Path config =
        config(
            "adapter",
            TestCache.bundle(),
            "lora: {rank: 2, alpha: 4, targets: [q_proj, v_proj], dropout: 0.1}\n");
    Files.writeString(
        config, Files.readString(config).replace("train: stage-one", "train: adapter"));
    Cli.Result trained = Cli.run("train", config);
    assertEquals(0, trained.code(), trained.err());
    assertEquals(
        List.of("adapter_config.json", "adapter_model.safetensors"),
        files(shared.resolve("adapter/result")));
  }

  @Test
  void aDryRunShowsRowsAndTrainsNothing() throws IOException {
    Path config = config("dry", TestCache.bundle(), "");
    Cli.Result shown = Cli.run("train", "--dry-run", config);
    assertEquals(0, shown.code(), shown.err());
    assertTrue(shown.out().contains("rows; 0 examples skipped"), shown.out());
    assertFalse(Files.exists(shared.resolve("dry")));
  }

  @Test
  void recipesArePrinted() {
    Cli.Result recipe = Cli.run("train", "--recipe", "stage-one-a");
    assertEquals(0, recipe.code());
    assertTrue(recipe.out().startsWith("# Stage one, part a"), recipe.out());
    Cli.Result unknown = Cli.run("train", "--recipe", "stage-three");
    assertEquals(2, unknown.code());
    assertTrue(unknown.err().contains("there are stage-one-a"), unknown.err());
  }

  @Test
  void whatIsWrongWithTheCommandLineIsSaid() throws IOException {
    assertEquals(2, Cli.run("train").code());
    assertEquals(2, Cli.run("train", shared.resolve("none.yaml")).code());
    assertEquals(2, Cli.run("train", "--resume", shared.resolve("none")).code());
    Cli.Result empty = Cli.run("train", "--resume", shared);
    assertEquals(2, empty.code());
    assertTrue(empty.err().contains("config.yaml is missing; name the folder of a run"));
    Path config = config("wrong", shared.resolve("none"), "");
    Cli.Result noModel = Cli.run("train", config);
    assertEquals(2, noModel.code());
    assertTrue(noModel.err().contains("no checkpoint or bundle at"), noModel.err());
    assertFalse(Files.exists(shared.resolve("wrong")));
  }
}
