package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.conformance.Fixtures;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.samples.testing.Trees;
import dev.showo2.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SynthesizeCommandTest {

  @TempDir private Path folder;

  @Test
  void whatIsMadeUpCanBeExported() throws IOException {
    Path checkpoint = folder.resolve("made-up");
    Cli.Result result = Cli.run("synthesize", "--model", "tiny", "--out", checkpoint);
    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().startsWith("Wrote " + checkpoint + ":"), result.out());
    assertTrue(result.out().contains("model.safetensors "), result.out());
    assertTrue(result.out().lines().anyMatch(line -> line.startsWith("  5 files ")), result.out());
    assertTrue(result.err().contains("writing vae.safetensors: "), result.err());
    try (CheckpointWeights weights = Checkpoints.open(checkpoint)) {
      assertEquals(ElementType.FLOAT32, weights.type("showo.model.norm.weight"));
    }
    Cli.Result exported = Cli.run("export", checkpoint, folder.resolve("bundle"));
    assertEquals(0, exported.code(), exported.err());
    assertTrue(exported.err().contains("writing vae.safetensors: "), exported.err());
  }

  @Test
  void optionsSayHowItIsWritten() throws IOException {
    Path checkpoint = folder.resolve("made-up");
    Path tokenizer;
    Cli.Result result;
    try (Fixtures fixtures = Fixtures.open()) {
      tokenizer =
          Files.copy(
              fixtures.path("tiny-a").resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
    }
    result =
        Cli.run(
            "synthesize",
            "--model",
            "tiny",
            "--out",
            checkpoint,
            "--format",
            "bin",
            "--dtype",
            "fp16",
            "--shard-size",
            100_000,
            "--layers",
            1,
            "--seed",
            3,
            "--tokenizer",
            tokenizer,
            "--json");
    assertEquals(0, result.code(), result.err());
    assertEquals("", result.err(), "a program reads");
    assertEquals(1, result.out().lines().count());
    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    assertEquals(checkpoint.toString(), json.get("folder").getAsString());
    List<String> names = new ArrayList<>();
    long bytes = 0;
    for (JsonElement file : json.getAsJsonArray("files")) {
      JsonObject entry = file.getAsJsonObject();
      names.add(entry.get("name").getAsString());
      bytes += entry.get("bytes").getAsLong();
    }
    assertEquals(Trees.names(checkpoint), names);
    assertEquals(bytes, json.get("bytes").getAsLong());
    assertTrue(names.contains("pytorch_model.bin.index.json"), names::toString);
    assertEquals(-1, Files.mismatch(tokenizer, checkpoint.resolve("tokenizer.json")));
    try (CheckpointWeights weights = Checkpoints.open(checkpoint)) {
      assertEquals(ElementType.FLOAT16, weights.type("showo.model.norm.weight"));
      assertTrue(weights.names().contains("showo.model.layers.0.input_layernorm.weight"));
      assertFalse(weights.names().contains("showo.model.layers.1.input_layernorm.weight"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--model, 3b, '--model: one of tiny, 1.5b, 1.5b-hq-512, 1.5b-hq-1024, 7b is needed'",
    "--dtype, int8, '--dtype: one of bf16, fp16, fp32 is needed, found ''int8'''",
    "--format, gguf, '--format: one of safetensors, bin is needed'",
    "--shard-size, 0, '--shard-size: at least 1 is needed, found 0'",
    "--layers, 0, '--layers: at least 1 is needed, found 0'",
    "--out, no/such/place, '--out: there is no folder'"
  })
  void whatItDoesNotKnowIsRefused(String option, String value, String message) throws IOException {
    List<Object> args = new ArrayList<>(List.of("synthesize"));
    args.addAll(option.equals("--model") ? List.of() : List.of("--model", "tiny"));
    args.addAll(option.equals("--out") ? List.of() : List.of("--out", folder.resolve("made-up")));
    args.addAll(List.of(option, option.equals("--out") ? folder.resolve(value) : value));
    Cli.Result result = Cli.run(args.toArray());
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains(message), result.err());
    assertEquals(List.of(), Trees.names(folder));
  }

  @Test
  void filesThatAreThereStay() throws IOException {
    Files.writeString(folder.resolve("mine.txt"), "mine");
    Cli.Result result = Cli.run("synthesize", "--model", "tiny", "--out", folder);
    assertEquals(2, result.code());
    assertTrue(result.err().contains("holds files already"), result.err());
    assertEquals(List.of("mine.txt"), Trees.names(folder));
  }
}
