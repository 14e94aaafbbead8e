package dev.showo2.export.synthetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ExportSummary;
import dev.showo2.export.ModelExporter;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.internal.Sha256;
import dev.showo2.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Element types, file formats and sizes by name. */
class SyntheticFormatsTest {

  private static final String EMBEDDING = "showo.model.embed_tokens.weight";
  private static final String HEAD = "showo.lm_head.weight";

  private static final Architecture TINY = SyntheticModels.architecture("tiny").orElseThrow();

  @TempDir private Path folder;

  @Test
  void aTorchCheckpointIsLaidOutAsTheModelsWereReleased() throws IOException {
    SyntheticRequest request = SyntheticRequest.of(TINY, 1).withFormat(CheckpointFormat.BIN);
    Path checkpoint = write("bin", request);
    assertEquals(
        List.of(
            "Wan2.1_VAE.pth", "arch.json", "config.json", "pytorch_model.bin", "tokenizer.json"),
        names(checkpoint));
    Path safetensors = write("safetensors", request.withFormat(CheckpointFormat.SAFETENSORS));
    try (CheckpointWeights bin = Checkpoints.open(checkpoint);
        CheckpointWeights other = Checkpoints.open(safetensors)) {
      assertEquals(EMBEDDING, bin.sharedWith(HEAD), "both names, one storage");
      assertEquals(1 + other.names().size(), bin.names().size());
      for (String key : other.names()) {
        assertEquals(other.readFloats(key), bin.readFloats(key), key);
      }
    }
    assertEquals(
        Sha256.of(checkpoint.resolve("pytorch_model.bin")),
        Sha256.of(write("again", request).resolve("pytorch_model.bin")));
    assertExports(checkpoint);
  }

  @Test
  void aTorchCheckpointOfSeveralFilesKeepsSharedValuesTogether() throws IOException {
    Path checkpoint =
        write(
            "shards",
            SyntheticRequest.of(TINY, 1).withFormat(CheckpointFormat.BIN).withShardBytes(70_000));
    List<String> names = names(checkpoint);
    assertTrue(names.contains("pytorch_model.bin.index.json"), names::toString);
    assertTrue(names.contains("pytorch_model-00009-of-00009.bin"), names::toString);
    try (CheckpointWeights weights = Checkpoints.open(checkpoint)) {
      assertEquals(EMBEDDING, weights.sharedWith(HEAD));
    }
    assertExports(checkpoint);
  }

  @Test
  void narrowTypesHoldTheSameValuesRounded() throws IOException {
    Path wide = write("fp32", SyntheticRequest.of(TINY, 1));
    for (ElementType type : List.of(ElementType.BFLOAT16, ElementType.FLOAT16)) {
      double step = type == ElementType.BFLOAT16 ? 0x1p-8 : 0x1p-11;
      Path narrow = write(type.name(), SyntheticRequest.of(TINY, 1).withType(type));
      try (CheckpointWeights expected = Checkpoints.open(wide);
          CheckpointWeights narrowed = Checkpoints.open(narrow)) {
        for (String key : expected.names()) {
          assertEquals(type, narrowed.type(key));
          float[] values = expected.readFloats(key).values();
          float[] found = narrowed.readFloats(key).values();
          for (int i = 0; i < values.length; i++) {
            double allowed = Math.abs(values[i]) * step + 0x1p-25;
            assertEquals(values[i], found[i], allowed, key + " " + i);
          }
        }
      }
      assertExports(narrow);
    }
  }

  @Test
  void otherTypesAreRefused() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> SyntheticRequest.of(TINY, 1).withType(ElementType.INT8))
            .getMessage();
    assertTrue(message.contains("16 or 32 bits is needed, got INT8"), message);
  }

  @Test
  void shortenedModelsKeepTheirWidths() throws IOException {
    Architecture large = SyntheticModels.architecture("7b").orElseThrow();
    Architecture one = SyntheticModels.shortened(large, 12);
    assertEquals(12, one.backbone().layers());
    assertEquals(12, one.semantic().layers());
    assertEquals(10, one.flowHead().layers(), "it has no more");
    assertEquals(large.backbone().feedForwardSize(), one.backbone().feedForwardSize());
    assertExports(write("one", SyntheticRequest.of(SyntheticModels.shortened(TINY, 1), 1)));
    assertThrows(IllegalArgumentException.class, () -> SyntheticModels.shortened(large, 0));
    assertTrue(SyntheticModels.architecture("3b").isEmpty());
  }

  private void assertExports(Path checkpoint) throws IOException {
    Path bundle = folder.resolve(checkpoint.getFileName() + "-bundle");
    ExportSummary summary =
        ModelExporter.exportUnchecked(ExportRequest.of(checkpoint, bundle), ExportListener.NONE);
    assertEquals(List.of(), summary.ignoredKeys());
    assertEquals(508, Bundle.open(bundle).architecture().backbone().vocabularySize());
  }

  private Path write(String name, SyntheticRequest request) throws IOException {
    Path checkpoint = folder.resolve(name);
    SyntheticCheckpoint.write(checkpoint, request);
    return checkpoint;
  }

  private static List<String> names(Path checkpoint) throws IOException {
    try (Stream<Path> files = Files.list(checkpoint)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
