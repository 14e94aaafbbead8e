package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.RareTensors;
import dev.showo2.export.checkpoint.SeededValues;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.export.inspect.CheckpointInspection;
import dev.showo2.export.inspect.Inspector;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever files the same checkpoint comes in, the bundle is the same, byte by byte. */
class CheckpointLayoutsTest {

  @TempDir static Path shared;
  @TempDir Path folder;

  private static final TestCheckpoint TINY = TestCheckpoint.tiny();
  private static String hash;

  @BeforeAll
  static void exportAsReleased() throws IOException {
    hash = hash(TINY.write(shared.resolve("checkpoint")), shared.resolve("bundle"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.safetensors",
        "pytorch_model.safetensors",
        "diffusion_pytorch_model.safetensors",
        "pytorch_model.bin",
        "diffusion_pytorch_model.bin"
      })
  void oneFile(String name) throws IOException {
    assertSameBundle(rewritten(name));
  }

  @ParameterizedTest
  @CsvSource({
    "model.safetensors.index.json, model, safetensors",
    "pytorch_model.bin.index.json, pytorch_model, bin",
    "diffusion_pytorch_model.safetensors.index.json, diffusion_pytorch_model, safetensors",
    "diffusion_pytorch_model.bin.index.json, diffusion_pytorch_model, bin",
    // The official code writes these two: names of its own for the shards, not for the index.
    "diffusion_pytorch_model.bin.index.json, pytorch_model, bin",
    "diffusion_pytorch_model.safetensors.index.json, pytorch_model, safetensors"
  })
  void shards(String index, String stem, String ending) throws IOException {
    String shard = stem + "-0000%d-of-00003." + ending;
    assertSameBundle(rewritten(index, shard.formatted(1), shard.formatted(2), shard.formatted(3)));
  }

  /** As save_pretrained of diffusers and transformers writes variants. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "diffusion_pytorch_model.bf16.safetensors",
        "model.fp16.safetensors",
        "pytorch_model.non_ema.bin",
        "diffusion_pytorch_model.safetensors.index.bf16.json"
            + " diffusion_pytorch_model.bf16-00001-of-00002.safetensors"
            + " diffusion_pytorch_model.bf16-00002-of-00002.safetensors",
        "pytorch_model.bin.index.fp32.json pytorch_model-00001-of-00002.fp32.bin"
            + " pytorch_model-00002-of-00002.fp32.bin"
      })
  void variants(String names) throws IOException {
    Path checkpoint = rewritten(names.split(" "));
    assertSameBundle(checkpoint);
    assertEquals(
        Optional.of(TinyArchitecture.TIED),
        ((CheckpointInspection) Inspector.inspect(checkpoint)).architecture());
  }

  @ParameterizedTest
  @CsvSource({
    "pytorch_model-, .bin",
    "diffusion_pytorch_model.bf16-, .safetensors",
    "model-, .fp16.safetensors",
    "show-o2.step_100-, .bin"
  })
  void shardsWithoutTheirIndex(String stem, String ending) throws IOException {
    String shard = stem + "0000%d-of-00002" + ending;
    Path checkpoint = rewritten("lost.json", shard.formatted(1), shard.formatted(2));
    Files.delete(checkpoint.resolve("lost.json"));
    assertSameBundle(checkpoint);
    assertEquals(
        Optional.of(TinyArchitecture.TIED),
        ((CheckpointInspection) Inspector.inspect(checkpoint)).architecture());

    Files.delete(checkpoint.resolve(shard.formatted(1)));
    assertRefused(checkpoint, "lacks 1 of the 2 shards", "such as " + shard.formatted(1));
  }

  @Test
  void severalVariants() throws IOException {
    Path checkpoint = rewritten("model.fp16.safetensors");
    TINY.rewriteModel(checkpoint, "model.bf16.safetensors");
    assertRefused(
        checkpoint,
        "holds several models: model.bf16.safetensors, model.fp16.safetensors; name the file");
    assertSameBundle(checkpoint.resolve("model.fp16.safetensors"));
    TINY.rewriteModel(checkpoint, "model.safetensors");
    assertSameBundle(checkpoint);
  }

  @Test
  void aModelWithoutItsWeightsIsNoVae() throws IOException {
    Path checkpoint = TINY.write(folder.resolve("checkpoint"));
    Files.delete(checkpoint.resolve("pytorch_model.bin"));
    String refused =
        assertThrows(InvalidModelException.class, () -> Inspector.inspect(checkpoint)).getMessage();
    assertTrue(refused.contains("no checkpoint in " + checkpoint), refused);
  }

  /** With and without the note that safetensors' save_model puts into the header. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theTiedMatrixAsTheHeadAlone(boolean noted) throws IOException {
    Path checkpoint = TINY.write(folder.resolve("checkpoint"));
    TestCheckpoint headed = TestCheckpoint.tiny();
    Shape shape = headed.model().remove(TestCheckpoint.EMBEDDING);
    headed.model().put(TestCheckpoint.LANGUAGE_HEAD, shape);
    headed.change(
        TestCheckpoint.LANGUAGE_HEAD, values -> SeededValues.of(TestCheckpoint.EMBEDDING, shape));
    headed.rewriteModel(checkpoint, "model.safetensors");
    Path file = checkpoint.resolve("model.safetensors");
    if (noted) {
      RareTensors.note(file, TestCheckpoint.EMBEDDING, TestCheckpoint.LANGUAGE_HEAD);
    }
    assertSameBundle(checkpoint);
    CheckpointInspection found = (CheckpointInspection) Inspector.inspect(checkpoint);
    assertEquals(Optional.of(TinyArchitecture.TIED), found.architecture());
    assertEquals(List.of(), found.ignoredKeys());
  }

  @Test
  void aHeadOfItsOwnDoesNotStandInForTheEmbedding() throws IOException {
    TestCheckpoint untied = TestCheckpoint.of(TinyArchitecture.UNTIED);
    untied.model().remove(TestCheckpoint.EMBEDDING);
    assertRefused(
        untied.write(folder.resolve("checkpoint")), "missing: " + TestCheckpoint.EMBEDDING);
  }

  /** As resize_token_embeddings(…, pad_to_multiple_of=64) of transformers leaves it. */
  @Test
  void moreRowsThanTokens() throws IOException {
    TestCheckpoint padded = TestCheckpoint.tiny();
    padded.model().put(TestCheckpoint.EMBEDDING, Shape.of(512, 32));
    padded.config().addProperty("llm_vocab_size", 512);
    padded.arch().getAsJsonObject("llm").addProperty("vocab_size", 512);
    List<String> phases = new ArrayList<>();
    ModelExporter.export(
        ExportRequest.of(padded.write(folder.resolve("checkpoint")), folder.resolve("padded")),
        new ExportListener() {
          @Override
          public void phase(String what) {
            phases.add(what);
          }
        });
    assertEquals(
        512, Bundle.open(folder.resolve("padded")).architecture().backbone().vocabularySize());
    assertTrue(
        phases.contains("the embedding matrix has 4 rows without a token; they are never sampled"),
        phases::toString);
  }

  @Test
  void theWeightsThemselves() throws IOException {
    Path checkpoint = rewritten("pytorch_model.ema.bin");
    assertSameBundle(checkpoint.resolve("pytorch_model.ema.bin"));
  }

  @Test
  void trainingStep() throws IOException {
    Path step = folder.resolve("checkpoint-500");
    Path model = TINY.write(step.resolve("unwrapped_model"));
    Files.writeString(step.resolve("metadata.json"), "{\"global_step\": 500}");
    for (Path named : new Path[] {step, model, model.resolve("pytorch_model.bin")}) {
      Path bundle = folder.resolve("bundle of " + named.getFileName());
      hash(named, bundle);
      assertEquals("checkpoint-500", Bundle.open(bundle).manifest().name());
    }
  }

  @Test
  void relativePathsAndSpaces() throws IOException {
    Path checkpoint = TINY.write(folder.resolve("my models").resolve("checkpoint"));
    Path relative = Path.of("").toAbsolutePath().relativize(checkpoint);
    assertFalse(relative.isAbsolute());
    assertSameBundle(relative);
    assertSameBundle(checkpoint.resolve("..").resolve("checkpoint"));
  }

  @Test
  void linkToAFolder() throws IOException {
    Path real = TINY.write(folder.resolve("4f8e"));
    assertSameBundle(Files.createSymbolicLink(folder.resolve("checkpoint"), real.getFileName()));
  }

  @Test
  void VAEAndTokenizerInFoldersOfTheirOwn() throws IOException {
    Path checkpoint = TINY.write(folder.resolve("checkpoint"));
    Path wan = Files.createDirectory(folder.resolve("Wan2.1-T2V-14B"));
    Path qwen = Files.createDirectory(folder.resolve("Qwen2.5-1.5B-Instruct"));
    Files.move(checkpoint.resolve("vae.pth"), wan.resolve("Wan2.1_VAE.pth"));
    Files.move(checkpoint.resolve("tokenizer.json"), qwen.resolve("tokenizer.json"));
    Path bundle = folder.resolve("bundle");
    ModelExporter.export(
        ExportRequest.of(checkpoint, bundle, Optional.of(wan), Optional.of(qwen)),
        ExportListener.NONE);
    assertEquals(hash, Bundle.open(bundle).hash());
  }

  /** The same tensors under the names of diffusers' AutoencoderKLWan, in a file or its folder. */
  @Test
  void theVaeOfDiffusers() throws IOException {
    TestCheckpoint released = deepVae();
    Path original = released.write(folder.resolve("checkpoint"));
    String expected = hash(original, folder.resolve("original"));
    TestCheckpoint renamed = deepVae();
    Map<String, String> names = diffusersNames();
    for (String key : List.copyOf(renamed.vae().keySet())) {
      Shape shape = renamed.vae().remove(key);
      renamed.vae().put(names.get(key), shape);
      renamed.change(names.get(key), values -> SeededValues.of(key, shape));
    }
    Path moved = renamed.write(folder.resolve("other").resolve("checkpoint"));
    assertEquals(expected, hash(moved, folder.resolve("file")));

    Path vae = Files.createDirectory(moved.resolve("vae"));
    Files.move(moved.resolve("vae.pth"), vae.resolve("diffusion_pytorch_model.bin"));
    Files.writeString(
        vae.resolve("config.json"),
        "{\"_class_name\": \"AutoencoderKLWan\", \"is_residual\": false, \"patch_size\": null,"
            + " \"num_res_blocks\": 2, \"dim_mult\": [1, 2, 4, 4],"
            + " \"temperal_downsample\": [false, true, true]}");
    // Only the configuration of the VAE says its depth now.
    JsonObject arch =
        JsonParser.parseString(Files.readString(moved.resolve("arch.json"))).getAsJsonObject();
    arch.getAsJsonObject("vae").remove("num_res_blocks");
    Files.writeString(moved.resolve("arch.json"), arch.toString());
    assertEquals(expected, hash(moved, folder.resolve("folder")));
    CheckpointInspection found = (CheckpointInspection) Inspector.inspect(moved);
    assertEquals(2, found.weights().size());
    assertEquals(2, found.architecture().orElseThrow().vae().residualBlocks());
    assertEquals(
        CheckpointInspection.Kind.VAE, ((CheckpointInspection) Inspector.inspect(vae)).kind());

    Files.writeString(
        vae.resolve("config.json"),
        "{\"_class_name\": \"AutoencoderKLWan\", \"is_residual\": true}");
    assertRefused(moved, "'is_residual' should be false as in Wan2.1's VAE", "Wan2.2");
    Files.writeString(vae.resolve("config.json"), "{\"_class_name\": \"AutoencoderKLQwenImage\"}");
    assertRefused(moved, "'_class_name' should be AutoencoderKLWan");
  }

  private static TestCheckpoint deepVae() {
    Architecture tiny = TinyArchitecture.TIED;
    Architecture.Vae vae = tiny.vae();
    return TestCheckpoint.of(
        new Architecture(
            tiny.backbone(),
            tiny.semantic(),
            tiny.flowHead(),
            new Architecture.Vae(
                vae.width(),
                vae.latentChannels(),
                vae.multipliers(),
                2,
                vae.temporalDownsample(),
                vae.latentMeans(),
                vae.latentDeviations()),
            tiny.patchSize(),
            tiny.imageGrid(),
            tiny.videoGrid(),
            tiny.videoUnderstandingGrid()));
  }

  /**
   * Pairs that convert_wan_vae_to_diffusers of diffusers 0.42.1 (loaders/single_file_utils.py)
   * makes of the keys of Wan2.1_VAE.pth, found by the identity of the tensors.
   */
  private static Map<String, String> diffusersNames() throws IOException {
    Map<String, String> names = new HashMap<>();
    try (InputStream table =
        CheckpointLayoutsTest.class.getResourceAsStream("/keys/wan-vae-in-diffusers.txt")) {
      for (String line :
          new String(table.readAllBytes(), StandardCharsets.US_ASCII).lines().toList()) {
        names.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
      }
    }
    return names;
  }

  @Test
  void theVaeOfComfyUi() throws IOException {
    Path checkpoint = TINY.write(folder.resolve("checkpoint"));
    TestCheckpoint vae = TestCheckpoint.tiny();
    vae.model().clear();
    vae.model().putAll(vae.vae());
    vae.rewriteModel(folder, "wan_2.1_vae.safetensors");
    Files.delete(checkpoint.resolve("vae.pth"));
    Files.move(
        folder.resolve("wan_2.1_vae.safetensors"), checkpoint.resolve("wan_2.1_vae.safetensors"));
    assertSameBundle(checkpoint);
  }

  private Path rewritten(String... names) throws IOException {
    Path checkpoint = TINY.write(folder.resolve("checkpoint"));
    TINY.rewriteModel(checkpoint, names);
    return checkpoint;
  }

  private void assertSameBundle(Path checkpoint) throws IOException {
    Path bundle = Files.createTempDirectory(folder, "bundle");
    assertEquals(hash, hash(checkpoint, bundle));
  }

  private void assertRefused(Path checkpoint, String... parts) throws IOException {
    Leftovers.assertRefused(
        InvalidModelException.class,
        ExportRequest.of(checkpoint, folder.resolve("refused")),
        ExportListener.NONE,
        parts);
  }

  private static String hash(Path checkpoint, Path bundle) throws IOException {
    ModelExporter.export(ExportRequest.of(checkpoint, bundle), ExportListener.NONE);
    return Bundle.open(bundle).hash();
  }
}
