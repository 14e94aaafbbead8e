package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of the command that makes initial checkpoints. */
class InitCommandTest {

  private static final String FLOW = "diffusion_head_a.1.self_attn.o_proj.weight";

  @TempDir private Path folder;

  private Path trained;
  private Path out;

  @BeforeEach
  void synthesize() {
    trained = folder.resolve("trained");
    out = folder.resolve("out");
    assertEquals(0, Cli.run("synthesize", "--model", "tiny", "--out", trained).code());
  }

  @Test
  void drawsAModelThatCanBeExported() throws IOException {
    Cli.Result result = Cli.run("init", "--like", trained, "--out", out, "--seed", 3);
    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().startsWith("Wrote " + out + ":"), result.out());
    assertTrue(result.out().contains("pytorch_model.safetensors "), result.out());
    assertTrue(result.err().contains("writing Wan2.1_VAE.pth: "), result.err());
    Cli.Result exported = Cli.run("export", out, folder.resolve("bundle"));
    assertEquals(0, exported.code(), exported.err());
  }

  @Test
  void takesSizesByName() throws IOException {
    Cli.Result result =
        Cli.run(
            "init",
            "--model",
            "tiny",
            "--layers",
            1,
            "--vae",
            trained,
            "--tokenizer",
            trained,
            "--format",
            "bin",
            "--shard-size",
            100_000,
            "--out",
            out,
            "--json");
    assertEquals(0, result.code(), result.err());
    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    assertEquals(out.toString(), json.get("folder").getAsString());
    assertTrue(Files.exists(out.resolve("pytorch_model-00002-of-00004.bin")), result.out());
    try (CheckpointWeights weights = Checkpoints.open(out)) {
      assertTrue(weights.names().contains("showo.model.layers.0.mlp.up_proj.weight"));
      assertTrue(!weights.names().contains(FLOW));
    }
  }

  @Test
  void scalesUp() throws IOException {
    Cli.Result result =
        Cli.run("init", "--scale-up", trained, "--model", "tiny", "--layers", 2, "--out", out);
    assertEquals(0, result.code(), result.err());
    try (CheckpointWeights large = Checkpoints.open(out);
        CheckpointWeights small = Checkpoints.open(trained)) {
      assertArrayEquals(small.readFloats(FLOW).values(), large.readFloats(FLOW).values());
      assertTrue(!large.names().contains("showo.model.layers.2.mlp.up_proj.weight"));
      assertTrue(large.names().contains("showo.model.layers.1.mlp.up_proj.weight"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "one of --model, --like and --scale-up is needed | ",
        "only one of them can be given | --like TRAINED --scale-up TRAINED",
        "--layers: --model is needed | --like TRAINED --layers 1",
        "--layers: at least 1 is needed, found 0 | --model tiny --layers 0 --vae TRAINED",
        "--model: one of tiny, 1.5b | --model 3b",
        "--format: one of safetensors, bin | --like TRAINED --format zip",
        "--shard-size: at least 1 | --like TRAINED --shard-size 0",
        "--scale-up: there is no file | --scale-up MISSING --model tiny",
        "--backbone: there is no file | --like TRAINED --backbone MISSING",
        "--semantic: there is no file | --like TRAINED --semantic MISSING",
        "a VAE is needed | --model tiny --tokenizer TRAINED",
        "a tokenizer is needed | --model tiny --vae TRAINED",
        "name the larger backbone | --scale-up TRAINED",
        "holds files already | --like TRAINED --out TRAINED"
      })
  void refusesWhatIsMissing(String expected, String options) throws IOException {
    List<Object> args = new ArrayList<>(List.of("init"));
    for (String option : options == null ? new String[0] : options.split(" ")) {
      args.add(
          option.equals("TRAINED")
              ? trained
              : option.equals("MISSING") ? folder.resolve("missing") : option);
    }
    if (!args.contains("--out")) {
      args.add("--out");
      args.add(out);
    }
    Cli.Result result = Cli.run(args.toArray());
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains(expected), result.err());
    assertTrue(Files.notExists(out));
  }
}
