package dev.showo2.export.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.inspect.CheckpointInspection.Kind;
import dev.showo2.export.inspect.Inspection.FileSize;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.architecture.VaeKeys;
import dev.showo2.export.synthetic.CheckpointFormat;
import dev.showo2.export.synthetic.SyntheticCheckpoint;
import dev.showo2.export.synthetic.SyntheticModels;
import dev.showo2.export.synthetic.SyntheticRequest;
import dev.showo2.model.Architecture;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheckpointInspectionTest {

  private static final Architecture TINY = SyntheticModels.architecture("tiny").orElseThrow();

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void aFolderTellsEverything(CheckpointFormat format) throws IOException {
    Path checkpoint =
        write(
            SyntheticRequest.of(TINY, 1)
                .withFormat(format)
                .withType(ElementType.BFLOAT16)
                .withShardBytes(100_000));
    CheckpointInspection found = inspect(checkpoint);

    assertEquals("checkpoint", found.name());
    assertEquals(Kind.MODEL, found.kind());
    assertEquals(Optional.of(TINY), found.architecture());
    assertEquals(Optional.of("tiny"), found.model());
    assertEquals(OptionalInt.of(508), found.tokens());
    long model = elements(ModelKeys.all(TINY));
    long vae = elements(VaeKeys.of(TINY.vae()));
    assertEquals(model + vae, found.parameters(), "the tied matrix counts once");
    assertEquals(
        List.of(
            new WeightCount(
                "model",
                List.of(
                    new WeightCount.OfType(
                        ElementType.BFLOAT16, ModelKeys.all(TINY).size(), model, 2 * model))),
            new WeightCount(
                "VAE",
                List.of(
                    new WeightCount.OfType(
                        ElementType.BFLOAT16, VaeKeys.of(TINY.vae()).size(), vae, 2 * vae)))),
        found.weights());
    for (FileSize file : found.files()) {
      assertEquals(Files.size(checkpoint.resolve(file.name())), file.bytes());
    }
    assertEquals(MemoryEstimate.of(TINY, tokenizerBytes(found)), found.memory());
  }

  private static long tokenizerBytes(CheckpointInspection found) throws IOException {
    return Files.size(found.path().resolve("tokenizer.json"));
  }

  @Test
  void aModelWithoutItsOtherPartsIsKnownByItsWeights() throws IOException {
    Path checkpoint = write(SyntheticRequest.of(TINY, 1));
    for (String part : List.of("vae.safetensors", "tokenizer.json")) {
      Files.delete(checkpoint.resolve(part));
    }
    CheckpointInspection found = inspect(checkpoint);
    assertEquals(TINY.backbone(), found.architecture().orElseThrow().backbone());
    assertEquals(OptionalInt.empty(), found.tokens());
    assertEquals(1, found.weights().size());
  }

  @Test
  void aWeightFileAloneTellsWhatItCan() throws IOException {
    Path checkpoint = write(SyntheticRequest.of(TINY, 1));
    CheckpointInspection model = inspect(checkpoint.resolve("model.safetensors"));
    assertEquals(Kind.MODEL, model.kind());
    assertEquals(Optional.empty(), model.architecture());
    String unknown = model.unknown().orElseThrow();
    assertTrue(unknown.contains("put an arch.json"), unknown);
    assertEquals(Map.of(), model.memory());

    CheckpointInspection vae = inspect(checkpoint.resolve("vae.safetensors"));
    assertEquals(Kind.VAE, vae.kind());
    assertEquals("vae.safetensors", vae.name());
    assertEquals("VAE", vae.weights().get(0).what());
    assertEquals(elements(VaeKeys.of(TINY.vae())), vae.parameters());
  }

  @Test
  void aFolderWithTheVaeAloneIsOne() throws IOException {
    Path checkpoint = write(SyntheticRequest.of(TINY, 1));
    Path alone = Files.createDirectory(folder.resolve("alone"));
    Files.copy(checkpoint.resolve("vae.safetensors"), alone.resolve("vae.safetensors"));
    assertEquals(Kind.VAE, inspect(alone).kind());
  }

  @Test
  void theSnapshotOfAHubFolderIsInspected() throws IOException {
    Path hub = folder.resolve("models--showlab--show-o2-tiny");
    Path snapshot = hub.resolve("snapshots/abc");
    SyntheticCheckpoint.write(snapshot, SyntheticRequest.of(TINY, 1));
    assertEquals("showlab/show-o2-tiny", inspect(hub).name());
    assertEquals(snapshot, inspect(hub).path());

    Files.createDirectory(hub.resolve("snapshots/def"));
    assertRefused(hub, "has no refs/main that tells its snapshot; name the folder of one of these");
    Files.createDirectory(hub.resolve("refs"));
    Files.writeString(hub.resolve("refs/main"), "abc\n");
    assertEquals(snapshot, inspect(hub).path());
  }

  @Test
  void theModelOfATrainingStepIsInspected() throws IOException {
    Path step = folder.resolve("checkpoint-500");
    SyntheticCheckpoint.write(step.resolve("unwrapped_model"), SyntheticRequest.of(TINY, 1));
    CheckpointInspection found = inspect(step);
    assertEquals("checkpoint-500", found.name());
    assertEquals(step.resolve("unwrapped_model"), found.path());
    assertEquals(Optional.of("tiny"), found.model());
  }

  @Test
  void damageIsToldInTheWordsOfTheReader() throws IOException {
    assertRefused(folder.resolve("nowhere"), "no checkpoint file at ");
    assertRefused(folder, "no checkpoint in ");
    Path checkpoint = write(SyntheticRequest.of(TINY, 1));
    Path config = checkpoint.resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replace("\"hidden_size\": 32", "\"hidden_size\": 33"));
    assertRefused(checkpoint, "the weights contradict the files beside them");
    Path pointer =
        Files.writeString(
            folder.resolve("model.bin"), "version https://git-lfs.github.com/spec/v1\n");
    assertRefused(pointer, "Git LFS");
  }

  private static void assertRefused(Path path, String message) {
    String refused =
        assertThrows(InvalidModelException.class, () -> Inspector.inspect(path)).getMessage();
    assertTrue(refused.contains(message), refused);
  }

  @Test
  void adaptersTellTheirRankAndTargets() throws IOException {
    Path adapter = Files.createDirectory(folder.resolve("adapter"));
    Path config = adapter.resolve("adapter_config.json");
    Files.writeString(
        config,
        "{\"peft_type\": \"LORA\", \"r\": 8, \"lora_alpha\": 16, \"target_modules\": [\"q_proj\", \"v_proj\"],"
            + " \"base_model_name_or_path\": \"showlab/show-o2-1.5B\"}");
    Files.copy(
        write(SyntheticRequest.of(TINY, 1)).resolve("vae.safetensors"),
        adapter.resolve("adapter_model.safetensors"));
    AdapterInspection found = assertInstanceOf(AdapterInspection.class, Inspector.inspect(adapter));
    assertEquals(8, found.rank());
    assertEquals(16, found.alpha());
    assertEquals(List.of("q_proj", "v_proj"), found.targets());
    assertEquals(Optional.of("showlab/show-o2-1.5B"), found.base());
    assertEquals(elements(VaeKeys.of(TINY.vae())), found.weights().parameters());

    Files.writeString(
        config,
        "{\"peft_type\": \"LORA\", \"r\": 8, \"lora_alpha\": 16, \"target_modules\": \"all-linear\"}");
    found = assertInstanceOf(AdapterInspection.class, Inspector.inspect(adapter));
    assertEquals(List.of("all-linear"), found.targets());
    Files.writeString(
        config,
        "{\"peft_type\": \"LORA\", \"r\": 8, \"lora_alpha\": 16, \"fan_in_fan_out\": true}");
    found = assertInstanceOf(AdapterInspection.class, Inspector.inspect(adapter));
    assertEquals(List.of(), found.targets(), "described, though it is none that is merged");
    Files.writeString(config, "{\"peft_type\": \"LOHA\", \"r\": 8, \"lora_alpha\": 16}");
    assertRefused(adapter, "'peft_type' should be \"LORA\"");
    Files.writeString(
        config, "{\"peft_type\": \"LORA\", \"r\": 0, \"lora_alpha\": 16, \"target_modules\": []}");
    assertRefused(adapter, "adapter_config.json");
  }

  private Path write(SyntheticRequest request) throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    SyntheticCheckpoint.write(checkpoint, request);
    return checkpoint;
  }

  private static CheckpointInspection inspect(Path path) {
    return assertInstanceOf(CheckpointInspection.class, Inspector.inspect(path));
  }

  private static long elements(Map<String, Shape> keys) {
    return keys.values().stream().mapToLong(Shape::elementCount).sum();
  }
}
