package dev.showo2.conformance.golden.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Report;
import dev.showo2.conformance.report.Status;
import dev.showo2.model.Bundle;
import dev.showo2.model.Integrity;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Shows that recorded goldens notice a weight that is one percent off, in the cases of its stage.
 */
@ExtendWith(ExportedModels.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AlteredWeightTest {

  private static final Set<String> CASES =
      Set.of(
          "vae_encode_image",
          "vae_encode_video",
          "vae_decode_image",
          "vae_decode_video",
          "fusion_image",
          "time_embedding",
          "backbone_causal",
          "text_embedding_and_logits",
          "flow_head_one_span");

  private static final float FACTOR = 1.01f;

  @TempDir static Path folder;

  private Bundle bundle;
  private Path recorded;

  @BeforeAll
  void recordOnce(Models models) throws IOException {
    bundle = models.bundle("tiny-b");
    recorded = folder.resolve("recorded");
    Recordings.record(bundle, recorded, 3, CASES);
  }

  @Test
  void nothingFailsWithTheWeightsAsTheyAre() {
    assertEquals(Set.of(), failing(Recordings.verify(bundle, recorded, name -> true)));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "text.safetensors, showo.model.embed_tokens.weight, text_embedding_and_logits, Language head and text embedding",
    "text.safetensors, showo.lm_head.weight, text_embedding_and_logits, Language head and text embedding",
    "backbone.safetensors, showo.model.layers.0.self_attn.v_proj.weight,"
        + " backbone_causal text_embedding_and_logits, Backbone; Language head and text embedding",
    "fusion.safetensors, und_trans.layers.0.mlp.fc1.weight, fusion_image, Fusion",
    "fusion.safetensors, image_embedder_gen.proj.weight, fusion_image, Fusion",
    "flow_head.safetensors, time_embed.mlp.2.weight, flow_head_one_span time_embedding, Flow head and time embedding",
    "flow_head.safetensors, time_embed_proj.weight, time_embedding, Flow head and time embedding",
    "flow_head.safetensors, diffusion_head_a.0.mlp.up_proj.weight, flow_head_one_span, Flow head and time embedding",
    "vae.safetensors, encoder.middle.1.to_qkv.weight, vae_encode_image vae_encode_video, VAE",
    "vae.safetensors, encoder.downsamples.5.time_conv.weight, vae_encode_video, VAE",
    "vae.safetensors, decoder.middle.1.to_qkv.weight, vae_decode_image vae_decode_video, VAE",
    "vae.safetensors, decoder.upsamples.3.time_conv.weight, vae_decode_video, VAE"
  })
  void aWeightThatIsOffFailsTheCasesOfItsStage(
      String file, String tensor, String failing, String stages, @TempDir Path copy)
      throws IOException {
    try (Stream<Path> files = Files.list(bundle.directory())) {
      for (Path from : (Iterable<Path>) files::iterator) {
        Files.copy(from, copy.resolve(from.getFileName()));
      }
    }
    alter(copy.resolve(file), tensor);
    // The VAE takes the most time, and no weight but its own can change what it gives.
    boolean vae = file.startsWith("vae");
    Report report =
        Recordings.verify(
            Bundle.open(copy, Integrity.SIZES), recorded, name -> name.startsWith("vae") == vae);
    assertEquals(new TreeSet<>(Set.of(failing.split(" "))), failing(report));
    assertEquals(List.of(stages.split("; ")), report.failedStages());
    assertTrue(report.summary().endsWith("; wrong: " + stages.replace("; ", ", ")));
  }

  private static Set<String> failing(Report report) {
    return report.outcomes().stream()
        .filter(outcome -> outcome.status() != Status.PASSED)
        .map(Outcome::check)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void alter(Path file, String tensor) throws IOException {
    TensorInfo info;
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      info = opened.tensor(tensor);
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer values =
          channel
              .map(FileChannel.MapMode.READ_WRITE, info.offset(), info.byteLength())
              .order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at < values.capacity(); at += Float.BYTES) {
        values.putFloat(at, values.getFloat(at) * FACTOR);
      }
    }
  }
}
