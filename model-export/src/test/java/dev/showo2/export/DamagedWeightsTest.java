package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.model.internal.Sha256;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of the right size whose bytes are wrong, and weights that training has spoilt. */
class DamagedWeightsTest {

  private static final String NORM = "showo.model.layers.1.input_layernorm.weight";
  private static final String MATRIX = "showo.model.layers.1.mlp.up_proj.weight";

  @TempDir Path folder;

  private final TestCheckpoint tiny = TestCheckpoint.tiny();

  /** Preallocated by a downloader, and never filled in. */
  @Test
  void halfAFileOfZeros() throws IOException {
    Path checkpoint = tiny.write(folder.resolve("checkpoint"));
    tiny.rewriteModel(checkpoint, "model.safetensors");
    clearSecondHalf(checkpoint.resolve("model.safetensors"));
    assertRefused(checkpoint, "the model's checkpoint: '", "holds nothing but zeros", "SHA-256");
  }

  private static void clearSecondHalf(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0);
    Files.write(file, bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {NORM, MATRIX, TestCheckpoint.EMBEDDING, "fusion_proj.1.weight"})
  void aMatrixOrNormOfZeros(String key) throws IOException {
    for (ElementType type : List.of(ElementType.FLOAT32, ElementType.BFLOAT16)) {
      tiny.change(key, values -> new float[values.length]).type(type);
      Path checkpoint = tiny.write(folder.resolve("checkpoint"));
      assertRefused(
          checkpoint,
          "the model's checkpoint: '" + key + "' holds nothing but zeros",
          "--accept-zero-weights, or ExportRequest.withZeroWeightsAccepted");
      ExportRequest request =
          ExportRequest.of(checkpoint, folder.resolve("meant " + type)).withZeroWeightsAccepted();
      ModelExporter.exportUnchecked(request, ExportListener.NONE);
      assertTrue(request.withPrecision(ExportPrecision.FP32).zeroWeightsAccepted());
    }
  }

  @Test
  void zerosInTheVae() throws IOException {
    String key = "decoder.upsamples.0.residual.2.weight";
    tiny.change(key, values -> new float[values.length]);
    assertRefused(
        tiny.write(folder.resolve("checkpoint")),
        "the VAE's checkpoint: '" + key + "' holds nothing but zeros");
  }

  /** A hole that is smaller than the matrix around it. */
  @Test
  void aMillionZeroBytesInARow() throws IOException {
    tiny.arch().getAsJsonObject("llm").addProperty("intermediate_size", 12_000);
    for (String name : List.of("gate_proj", "up_proj", "down_proj")) {
      for (int layer = 0; layer < 3; layer++) {
        Shape shape = name.equals("down_proj") ? Shape.of(32, 12_000) : Shape.of(12_000, 32);
        tiny.model().put("showo.model.layers." + layer + ".mlp." + name + ".weight", shape);
      }
    }
    tiny.change(
        MATRIX,
        values -> {
          Arrays.fill(values, 5000, 5000 + (1 << 18), 0);
          return values;
        });
    assertRefused(
        tiny.write(folder.resolve("checkpoint")),
        "'" + MATRIX + "' holds 1048576 bytes of zeros in a row among its 1536000");
  }

  /** As DiT and adaLN-Zero begin their training, and biases of any layer. */
  @Test
  void whatBeginsItsTrainingWithZerosIsExported() throws IOException {
    tiny.model().keySet().stream()
        .filter(
            key ->
                key.contains("adaLN_modulation")
                    || key.endsWith(".bias")
                    || key.startsWith("diffusion_head_b.linear"))
        .forEach(key -> tiny.change(key, values -> new float[values.length]));
    tiny.change("decoder.middle.1.proj.weight", values -> new float[values.length]);
    Path bundle = folder.resolve("bundle");
    ModelExporter.export(
        ExportRequest.of(tiny.write(folder.resolve("checkpoint")), bundle), ExportListener.NONE);
    assertEquals("checkpoint", Bundle.open(bundle).manifest().name());
  }

  /** Layers that round their inputs to 8 bits make ordinary numbers of NaN: the weight is named. */
  @ParameterizedTest
  @EnumSource
  void nanAndInfinityAreFoundInEveryPrecision(Precision precision) throws IOException {
    Map<String, Float> planted =
        Map.of(
            NORM,
            Float.NaN,
            MATRIX,
            Float.POSITIVE_INFINITY,
            "diffusion_head_a.0.adaLN_modulation.1.bias",
            Float.NaN);
    for (Map.Entry<String, Float> entry : planted.entrySet()) {
      TestCheckpoint spoilt = TestCheckpoint.tiny();
      spoilt.change(
          entry.getKey(),
          values -> {
            values[values.length - 1] = entry.getValue();
            return values;
          });
      Leftovers.assertRefused(
          InvalidModelException.class,
          ExportRequest.of(spoilt.write(folder.resolve("checkpoint")), folder.resolve("bundle"))
              .withPrecision(ExportPrecision.of(precision)),
          ExportListener.NONE,
          "'" + entry.getKey() + "' holds NaN or infinity, first at element",
          "weights must be finite");
    }
  }

  @ParameterizedTest
  @CsvSource({"model.safetensors", "vae.pth", "tokenizer.json"})
  void aFileOfTheHubIsComparedWithItsName(String damaged) throws IOException {
    Path checkpoint = tiny.write(folder.resolve("plain"));
    tiny.rewriteModel(checkpoint, "model.safetensors");
    Path repository = folder.resolve("models--someone--show-o2-tiny");
    Path snapshot = Files.createDirectories(repository.resolve("snapshots/abc"));
    Path blobs = Files.createDirectories(repository.resolve("blobs"));
    for (String name : Leftovers.names(checkpoint)) {
      Path blob = blobs.resolve(Sha256.of(checkpoint.resolve(name)));
      Files.copy(checkpoint.resolve(name), blob);
      Files.createSymbolicLink(
          snapshot.resolve(name), Path.of("../../blobs", "" + blob.getFileName()));
    }
    List<String> phases = new ArrayList<>();
    ExportListener listener =
        new ExportListener() {
          @Override
          public void phase(String what) {
            phases.add(what);
          }
        };
    ModelExporter.export(ExportRequest.of(repository, folder.resolve("intact")), listener);
    assertTrue(phases.contains("comparing " + damaged + " with its SHA-256"), phases::toString);

    Path file = snapshot.resolve(damaged);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertRefused(
        repository,
        damaged + " is damaged: its SHA-256 should be " + file.toRealPath().getFileName(),
        "found " + Sha256.of(file) + "; delete it there and download it again");
  }

  private void assertRefused(Path checkpoint, String... parts) throws IOException {
    Leftovers.assertRefused(
        InvalidModelException.class,
        ExportRequest.of(checkpoint, folder.resolve("bundle")),
        ExportListener.NONE,
        parts);
  }
}
