package dev.showo2.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.ShowO2Exception;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.synthetic.SyntheticCheckpoint;
import dev.showo2.export.synthetic.SyntheticModels;
import dev.showo2.export.synthetic.SyntheticRequest;
import dev.showo2.model.Architecture;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of checkpoints to begin a training with. */
class InitialCheckpointTest {

  private static final String EMBEDDING = "showo.model.embed_tokens.weight";
  private static final String HEAD = "showo.lm_head.weight";

  @TempDir private Path temporary;

  private Path tinyA;
  private Path tinyB;
  private Path result;

  @BeforeEach
  void copy() throws IOException {
    tinyA = TinyCheckpoint.TINY_A.copyTo(temporary);
    tinyB = TinyCheckpoint.TINY_B.copyTo(temporary);
    result = temporary.resolve("result");
  }

  /** Zeros where the flow head begins with them are no sign of a broken download. */
  @ParameterizedTest
  @EnumSource(ReleaseFormat.class)
  void isExportedAsItIs(ReleaseFormat format) throws IOException {
    write(InitialRequest.like(tinyB, 1).withFiles(format, 1_000_000));
    Path bundle = temporary.resolve("bundle");
    ModelExporter.export(ExportRequest.of(result, bundle), ExportListener.NONE);
    assertEquals(architecture(tinyB), architecture(bundle));
    try (CheckpointWeights drawn = Checkpoints.open(result);
        CheckpointWeights like = Checkpoints.open(tinyB)) {
      assertEquals(new TreeSet<>(like.names()), new TreeSet<>(drawn.names()));
    }
  }

  @Test
  void hasTheGivenSizes() throws IOException {
    Architecture tiny = SyntheticModels.architecture("tiny").orElseThrow();
    Path like = temporary.resolve("synthetic");
    SyntheticCheckpoint.write(like, SyntheticRequest.of(tiny, 3));
    write(InitialRequest.of(tiny, 1).withVae(like).withTokenizer(like));
    assertEquals(tiny, architecture(result));
    try (CheckpointWeights drawn = Checkpoints.open(result)) {
      assertEquals(EMBEDDING, names(drawn).get(0));
      assertArrayEquals(drawn.readFloats(EMBEDDING).values(), drawn.readFloats(HEAD).values());
    }
  }

  @Test
  void takesTheBackboneOfALanguageModel() throws IOException {
    Path qwen = qwen("tie_word_embeddings\": false", 40);
    write(InitialRequest.like(tinyA, 1).withBackbone(qwen));
    assertEquals(architecture(tinyB).backbone(), architecture(result).backbone());
    assertEquals(architecture(tinyA).flowHead(), architecture(result).flowHead());
    try (CheckpointWeights drawn = Checkpoints.open(result);
        CheckpointWeights stored = Checkpoints.open(tinyB)) {
      for (String name : drawn.names()) {
        boolean language = name.startsWith("showo.");
        if (language) {
          assertArrayEquals(
              stored.readFloats(name).values(), drawn.readFloats(name).values(), name);
        } else if (!name.contains("norm") && stored.names().contains(name)) {
          assertFalse(same(name, drawn, stored), name);
        }
      }
    }
  }

  @Test
  void scalesUp() throws IOException {
    Architecture.Decoder larger =
        new Architecture.Decoder(128, 3, 4, 2, 32, 192, 508, 1e-6, 1e6, false);
    write(InitialRequest.scaledUp(tinyA, 1).withBackboneSizes(larger));
    assertEquals(larger, architecture(result).backbone());
    assertEquals(architecture(tinyA).flowHead(), architecture(result).flowHead());
    List<String> fresh =
        List.of("image_embedder_gen", "showo", "fusion_proj", "diff_proj", "time_embed_proj");
    try (CheckpointWeights grown = Checkpoints.open(result);
        CheckpointWeights small = Checkpoints.open(tinyA)) {
      assertEquals(128, grown.shape("diff_proj.0.weight").dimension(1));
      for (String name : grown.names()) {
        if (fresh.stream().noneMatch(name::startsWith)) {
          assertArrayEquals(small.readFloats(name).values(), grown.readFloats(name).values(), name);
        } else if (small.names().contains(name)) {
          assertFalse(same(name, small, grown), name);
        }
      }
    }
  }

  /** From a bundle with a backbone's weights, and to one as wide as the flow head. */
  @Test
  void scalesABundleUp() throws IOException {
    Path bundle = temporary.resolve("bundle");
    ModelExporter.export(ExportRequest.of(tinyA, bundle), ExportListener.NONE);
    write(InitialRequest.scaledUp(bundle, 1).withBackbone(qwen("tie_word_embeddings\": true", 0)));
    assertTrue(architecture(result).backbone().tiedEmbeddings());
    try (CheckpointWeights grown = Checkpoints.open(result);
        CheckpointWeights small = Checkpoints.open(tinyA);
        CheckpointWeights large = Checkpoints.open(tinyB)) {
      assertTrue(same("und_trans.layers.1.mlp.fc1.weight", grown, small));
      assertTrue(same("time_embed.mlp.2.bias", grown, small));
      assertTrue(same("diffusion_head_a.1.adaLN_modulation.1.weight", grown, small));
      assertTrue(same("showo.model.layers.0.mlp.up_proj.weight", grown, large));
      assertFalse(grown.names().contains("diff_proj.0.weight"));
    }
  }

  @Test
  void takesTheSemanticLayersOfATrainedModel() throws IOException {
    write(InitialRequest.like(tinyA, 1).withSemanticLayers(tinyA));
    try (CheckpointWeights drawn = Checkpoints.open(result);
        CheckpointWeights trained = Checkpoints.open(tinyA)) {
      assertTrue(same("und_trans.layers.1.self_attn.k_proj.weight", drawn, trained));
      assertTrue(same("position_embedding.weight", drawn, trained));
      assertTrue(same("image_embedder_und.proj.weight", drawn, trained));
      assertFalse(same("image_embedder_gen.proj.weight", drawn, trained));
    }
  }

  @Test
  void refusesWhatDoesNotFit() throws IOException {
    Architecture sizes = architecture(tinyA);
    refused("a VAE is needed", InitialRequest.of(sizes, 1).withTokenizer(tinyA));
    refused("a tokenizer is needed", InitialRequest.of(sizes, 1).withVae(tinyA));
    refused("name the larger backbone", InitialRequest.scaledUp(tinyA, 1));
    refused(
        "keeps its semantic layers",
        InitialRequest.scaledUp(tinyA, 1)
            .withBackboneSizes(sizes.backbone())
            .withSemanticLayers(tinyA));
    refused(
        "name sizes and a backbone that agree",
        InitialRequest.of(sizes, 1)
            .withVae(tinyA)
            .withTokenizer(tinyA)
            .withBackbone(qwen("tie_word_embeddings\": true", 0)));
    refused(
        "cannot begin with those of the trained model",
        InitialRequest.like(tinyA, 1).withSemanticLayers(tinyB));
    Architecture wide =
        BackboneSizes.withBackbone(sizes, BackboneSizes.withVocabulary(sizes.backbone(), 700));
    refused(
        "embedding matrix has 700 rows",
        InitialRequest.of(wide, 1).withVae(tinyA).withTokenizer(tinyA));
    Path empty = Files.createDirectories(temporary.resolve("empty"));
    refused("no VAE in " + empty, InitialRequest.like(tinyA, 1).withVae(empty));
    refused("as it is published is expected", InitialRequest.like(tinyA, 1).withBackbone(tinyB));
  }

  @Test
  void refusesABackboneWithTooFewRows() throws IOException {
    Path qwen = qwen("tie_word_embeddings\": false", -8);
    refused("embedding matrix of 500 rows", InitialRequest.like(tinyA, 1).withBackbone(qwen));
  }

  @Test
  void refusesAVaeOfOtherSizes() throws IOException {
    Architecture known = SyntheticModels.architecture("1.5b").orElseThrow();
    Architecture sizes =
        new Architecture(
            architecture(tinyA).backbone(),
            architecture(tinyA).semantic(),
            architecture(tinyA).flowHead(),
            known.vae(),
            2,
            known.imageGrid(),
            known.videoGrid(),
            known.videoUnderstandingGrid());
    refused("misshapen", InitialRequest.of(sizes, 1).withVae(tinyA).withTokenizer(tinyA));
  }

  /** The backbone of tiny-b as a language model of its own, with more or fewer rows of tokens. */
  private Path qwen(String tied, int moreRows) throws IOException {
    Path folder = Files.createDirectories(temporary.resolve("qwen"));
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"architectures": ["Qwen2ForCausalLM"], "hidden_act": "silu", "hidden_size": 96,
         "model_type": "qwen2", "num_attention_heads": %d, "num_key_value_heads": %d,
         "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "use_sliding_window": false,
         "initializer_range": 0.02, "vocab_size": %d, "%s}
        """
            .formatted(
                architecture(tinyB).backbone().heads(),
                architecture(tinyB).backbone().keyValueHeads(),
                508 + moreRows,
                tied));
    try (CheckpointWeights stored = Checkpoints.open(tinyB)) {
      List<String> names =
          stored.names().stream()
              .filter(name -> name.startsWith("showo."))
              .filter(name -> !tied.contains("true") || !name.equals(HEAD))
              .toList();
      ComposedWeights weights = new ComposedWeights();
      for (String name : names) {
        float[] values = stored.readFloats(name).values();
        long rows = stored.shape(name).dimension(0);
        if (rows == 508) {
          rows += moreRows;
          values = Arrays.copyOf(values, (int) rows * 96);
        }
        weights.add(
            name.substring("showo.".length()),
            stored.shape(name).rank() == 1
                ? stored.shape(name)
                : Shape.of(rows, stored.shape(name).dimension(1)),
            Floats.source(values));
      }
      Floats.write(folder.resolve("model.safetensors"), weights);
    }
    return folder;
  }

  private void refused(String expected, InitialRequest request) throws IOException {
    String message = assertThrows(ShowO2Exception.class, () -> write(request)).getMessage();
    assertTrue(message.contains(expected), message);
    assertTrue(Files.notExists(result));
    try (Stream<Path> entries = Files.list(temporary)) {
      assertEquals(List.of(), entries.filter(path -> path.toString().contains("partial")).toList());
    }
  }

  private void write(InitialRequest request) throws IOException {
    InitialCheckpoint.write(result, request, ExportListener.NONE);
  }

  private Architecture architecture(Path checkpoint) throws IOException {
    try (OpenedModel model =
        OpenedModel.open(checkpoint, Optional.empty(), Optional.empty(), ExportListener.NONE)) {
      return model.architecture();
    }
  }

  private static boolean same(String name, CheckpointWeights one, CheckpointWeights two) {
    return Arrays.equals(one.readFloats(name).values(), two.readFloats(name).values());
  }

  private static List<String> names(CheckpointWeights weights) {
    return List.copyOf(weights.names());
  }
}
