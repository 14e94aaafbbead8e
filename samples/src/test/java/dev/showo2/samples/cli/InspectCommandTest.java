package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.conformance.FixtureModels;
import dev.showo2.conformance.Fixtures;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.samples.testing.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {

  @AutoClose private static final Fixtures FIXTURES = Fixtures.open();
  @AutoClose private static final FixtureModels MODELS = new FixtureModels();

  @TempDir private Path folder;

  @Test
  void checkpointsAreDescribed() {
    Path checkpoint = FIXTURES.path("tiny-a");
    Cli.Result result = Cli.run("inspect", checkpoint);
    assertEquals(0, result.code(), result.err());
    assertEquals("", result.err());
    String out = result.out();
    assertTrue(out.startsWith("tiny-a: checkpoint, Show-o2 of sizes of its own"), out);
    assertTrue(out.contains("  pytorch_model.bin "), out);
    assertTrue(out.contains(" tensors of float32 "), out);
    assertTrue(out.contains("  semantic layers  "), out);
    assertTrue(out.contains("  int4  "), out);

    JsonObject json = json("inspect", checkpoint, "--json");
    assertEquals("model", json.get("kind").getAsString());
    JsonObject backbone = json.getAsJsonObject("architecture").getAsJsonObject("backbone");
    assertEquals(json.get("tokens"), backbone.get("vocabulary_size"));
    JsonObject memory = json.getAsJsonObject("memory");
    assertTrue(
        memory.getAsJsonObject("int4").get("weight_bytes").getAsLong()
            < memory.getAsJsonObject("fp32").get("weight_bytes").getAsLong());
  }

  @Test
  void bundlesAreDescribed() {
    Bundle bundle = MODELS.bundle("tiny-a");
    Cli.Result result = Cli.run("inspect", bundle.directory(), "--hashes");
    assertEquals(0, result.code(), result.err());
    String out = result.out();
    assertTrue(out.contains(": bundle, format 2, Show-o2"), out);
    assertTrue(out.contains("  backbone  fp32  backbone.onnx (portable)"), out);
    assertTrue(out.contains("vae_video_decoder_next.onnx (next, portable)"), out);
    assertTrue(out.contains("All files have the hashes that the manifest lists."), out);
    for (BundleFile file : bundle.manifest().files()) {
      assertTrue(
          out.lines()
              .anyMatch(
                  line ->
                      line.startsWith("  " + file.name() + " ")
                          && line.endsWith("  " + file.sha256())),
          file + " in " + out);
    }
    JsonObject json = json("inspect", bundle.directory(), "--json");
    assertEquals("bundle", json.get("kind").getAsString());
    assertEquals(bundle.hash(), json.get("sha256").getAsString());
    assertEquals(
        "{\"precision\":\"fp32\",\"graphs\":[{\"file\":\"fusion.onnx\",\"part\":\"main\","
            + "\"dialect\":\"portable\"},{\"file\":\"fusion_ort.onnx\",\"part\":\"main\","
            + "\"dialect\":\"ort\"}]}",
        json.getAsJsonObject("stages").get("fusion").toString());
    assertTrue(!json.has("altered"), "not asked for");
  }

  @Test
  void alteredFilesAreNamed() throws IOException {
    Path copy = Trees.copy(MODELS.bundle("tiny-a").directory(), folder.resolve("copy"));
    Trees.damage(copy.resolve("fusion.onnx"));
    Trees.damage(copy.resolve("text.safetensors"));
    Cli.Result result = Cli.run("inspect", copy, "--hashes");
    assertEquals(1, result.code());
    assertTrue(result.out().contains("fusion.onnx was altered: its SHA-256"), result.out());
    assertTrue(result.out().contains("text.safetensors was altered"), result.out());

    Cli.Result asJson = Cli.run("inspect", copy, "--hashes", "--json");
    assertEquals(1, asJson.code());
    JsonObject json = JsonParser.parseString(asJson.out()).getAsJsonObject();
    assertEquals(2, json.getAsJsonArray("altered").size());
    assertEquals(0, Cli.run("inspect", copy).code(), "sizes are as they were");
  }

  @Test
  void adaptersAndPartsAreDescribed() throws IOException {
    Files.writeString(
        folder.resolve("adapter_config.json"),
        "{\"peft_type\": \"LORA\", \"r\": 4, \"lora_alpha\": 8, \"target_modules\": [\"q_proj\"]}");
    Files.copy(FIXTURES.path("tiny-a").resolve("vae.pth"), folder.resolve("adapter_model.bin"));
    Cli.Result adapter = Cli.run("inspect", folder);
    assertEquals(0, adapter.code(), adapter.err());
    assertTrue(adapter.out().contains("LoRA adapter, rank 4, alpha 8.0"), adapter.out());
    assertTrue(adapter.out().contains("Targets: q_proj"), adapter.out());
    JsonObject json = json("inspect", folder, "--json");
    assertEquals("[\"q_proj\"]", json.get("targets").toString());

    Path vae = FIXTURES.path("tiny-a").resolve("vae.pth");
    assertTrue(Cli.run("inspect", vae).out().startsWith("vae.pth: VAE"));
    Cli.Result model = Cli.run("inspect", FIXTURES.path("tiny-a").resolve("pytorch_model.bin"));
    assertEquals(0, model.code(), model.err());
    assertTrue(model.out().contains("Sizes are not known: "), model.out());
  }

  @Test
  void whatCannotBeReadIsRefused() throws IOException {
    Cli.Result nothing = Cli.run("inspect", folder.resolve("nowhere"), "--json");
    assertEquals(2, nothing.code());
    assertTrue(nothing.err().startsWith("{\"error\":\"no checkpoint file at "), nothing.err());
    Cli.Result hashes = Cli.run("inspect", FIXTURES.path("tiny-a"), "--hashes");
    assertEquals(2, hashes.code());
    assertTrue(hashes.err().contains("--hashes: only a bundle lists"), hashes.err());
  }

  private static JsonObject json(Object... args) {
    Cli.Result result = Cli.run(args);
    assertEquals(0, result.code(), result.err());
    assertEquals("", result.err());
    assertEquals(1, result.out().lines().count(), "on one line");
    return JsonParser.parseString(result.out()).getAsJsonObject();
  }
}
