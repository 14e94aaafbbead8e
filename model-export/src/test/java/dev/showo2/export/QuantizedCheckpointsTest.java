package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.RareTensors;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.inspect.CheckpointInspection;
import dev.showo2.export.inspect.Inspector;
import dev.showo2.export.internal.architecture.KnownModel;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.architecture.QuantizationMarks;
import dev.showo2.export.internal.architecture.VaeKeys;
import dev.showo2.model.Architecture;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors beside weights: those that change what a weight means, and those that nobody needs. */
class QuantizedCheckpointsTest {

  private static final String LAYER = "showo.model.layers.1.mlp.up_proj";

  @TempDir Path folder;

  private final TestCheckpoint tiny = TestCheckpoint.tiny();

  @ParameterizedTest
  @CsvSource({
    "scale_weight,scaled 8-bit files store",
    "scale_input,scaled 8-bit files store",
    "weight_scale,scaled 8-bit files store",
    "weight_scale_inv,scaled 8-bit files store",
    "weight_scale_2,scaled 8-bit files store",
    "input_scale,scaled 8-bit files store",
    "comfy_quant,scaled 8-bit files store",
    "qweight,GPTQ and AWQ store",
    "qzeros,GPTQ and AWQ store",
    "g_idx,GPTQ and AWQ store",
    "SCB,bitsandbytes stores",
    "weight.absmax,bitsandbytes stores",
    "weight.quant_state.bitsandbytes__nf4,bitsandbytes stores",
    "weight.nested_quant_map,bitsandbytes stores",
    "weight_packed,compressed-tensors stores",
    "weight_zero_point,quantizing tools store",
    "scales,quantizing tools store",
    "wscales,quantizing tools store",
    "zero_point,quantizing tools store",
    "input_quantizer._amax,quantizing tools store",
    "smooth_scale,quantizing tools store",
    "pre_quant_scale,quantizing tools store"
  })
  void aTensorThatChangesAWeightIsRefusedByName(String name, String writer) throws IOException {
    tiny.model().put(LAYER + "." + name, Shape.of(1));
    assertRefused("checkpoint is quantized: it has '" + LAYER + "." + name + "', as " + writer);
    tiny.model().remove(LAYER + "." + name);
    tiny.vae().put("decoder.conv1." + name, Shape.of(1));
    assertRefused("VAE's checkpoint is quantized: it has 'decoder.conv1." + name + "'", writer);
  }

  @Test
  void aMarkOfTheWholeFileIsRefusedToo() throws IOException {
    Path checkpoint = tiny.write(folder.resolve("checkpoint"));
    tiny.rewriteModel(checkpoint, "model.safetensors");
    RareTensors.append(checkpoint.resolve("model.safetensors"), "scaled_fp8", "F8_E4M3", 2, 2);
    assertRefused(checkpoint, "is quantized: it has 'scaled_fp8'");
  }

  /** A name that is not known may mean anything. */
  @Test
  void whatElseStandsInALayerIsRefused() throws IOException {
    tiny.model().put(LAYER + ".correction", Shape.of(3));
    assertRefused("unknown in the model: " + LAYER + ".correction [3]");
  }

  @ParameterizedTest
  @EnumSource
  void noKeyOfAModelIsTakenForAMark(KnownModel model) {
    Architecture sizes = model.architecture();
    for (String key : ModelKeys.all(sizes).keySet()) {
      assertEquals(Optional.empty(), QuantizationMarks.of(key), key);
    }
    for (String key : VaeKeys.of(sizes.vae()).keySet()) {
      assertEquals(Optional.empty(), QuantizationMarks.of(key), key);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"F8_E4M3", "F8_E5M2", "U16", "U32", "U64", "C64", "F4"})
  void anUnusedTensorOfAnyTypeIsLeftOutAndListed(String type) throws IOException {
    tiny.model().put("ema.decay", Shape.of(1));
    tiny.vae().put("loss.logvar", Shape.of(1));
    Path checkpoint = tiny.write(folder.resolve("checkpoint"));
    tiny.rewriteModel(checkpoint, "model.safetensors");
    RareTensors.append(
        checkpoint.resolve("model.safetensors"), "buffers.seen", type, 2, bytes(type));
    List<String> ignored = List.of("buffers.seen", "ema.decay", "loss.logvar");
    assertEquals(ignored, inspect(checkpoint).ignoredKeys());
    assertEquals(
        ignored,
        ModelExporter.exportUnchecked(
                ExportRequest.of(checkpoint, folder.resolve("bundle")), ExportListener.NONE)
            .ignoredKeys());
  }

  private static int bytes(String type) {
    return switch (type) {
      case "U16" -> 4;
      case "U32" -> 8;
      case "U64", "C64" -> 16;
      case "F4" -> 1;
      default -> 2;
    };
  }

  @Test
  void weightsOfSuchATypeAreRefusedByIt() throws IOException {
    tiny.model().remove(LAYER + ".weight");
    Path checkpoint = tiny.write(folder.resolve("checkpoint"));
    tiny.rewriteModel(checkpoint, "model.safetensors");
    Path file = checkpoint.resolve("model.safetensors");
    RareTensors.append(file, LAYER + ".weight", "F8_E4M3", 32 * 56, 32 * 56);
    assertRefused(
        checkpoint,
        "of another type in the model: "
            + LAYER
            + ".weight should hold floating-point values,"
            + " found F8_E4M3");

    String sizing = "showo.model.layers.0.mlp.gate_proj.weight";
    tiny.model().remove(sizing);
    Files.delete(file);
    tiny.rewriteModel(checkpoint, "model.safetensors");
    RareTensors.append(file, sizing, "F8_E5M2", 32 * 56, 32 * 56);
    String refused = assertRefused(checkpoint, "'" + sizing + "' holds F8_E5M2", "not read");
    assertTrue(
        refused.equals(
            assertThrows(InvalidModelException.class, () -> Inspector.inspect(checkpoint))
                .getMessage()));
  }

  private String assertRefused(String... parts) throws IOException {
    return assertRefused(tiny.write(folder.resolve("checkpoint")), parts);
  }

  private String assertRefused(Path checkpoint, String... parts) throws IOException {
    return Leftovers.assertRefused(
            InvalidModelException.class,
            ExportRequest.of(checkpoint, folder.resolve("bundle")),
            ExportListener.NONE,
            parts)
        .getMessage();
  }

  private static CheckpointInspection inspect(Path path) {
    return assertInstanceOf(CheckpointInspection.class, Inspector.inspect(path));
  }
}
