package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.model.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private Path rewritten(String... names) throws IOException {
    Path checkpoint = TINY.write(folder.resolve("checkpoint"));
    TINY.rewriteModel(checkpoint, names);
    return checkpoint;
  }

  private void assertSameBundle(Path checkpoint) throws IOException {
    Path bundle = Files.createTempDirectory(folder, "bundle");
    assertEquals(hash, hash(checkpoint, bundle));
  }

  private static String hash(Path checkpoint, Path bundle) throws IOException {
    ModelExporter.export(ExportRequest.of(checkpoint, bundle), ExportListener.NONE);
    return Bundle.open(bundle).hash();
  }
}
