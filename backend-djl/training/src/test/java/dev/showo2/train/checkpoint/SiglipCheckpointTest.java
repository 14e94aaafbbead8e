package dev.showo2.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.model.Architecture;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of SigLIP checkpoints, with one of the sizes of tiny-a's semantic layers. */
class SiglipCheckpointTest {

  private static final Architecture.Semantic TINY_A =
      new Architecture.Semantic(48, 2, 3, 96, 1e-6, 16);
  private static final String LAYER = "vision_model.encoder.layers.1.mlp.fc1.weight";

  @TempDir private Path temporary;

  @Test
  void hasTheSizesOfItsImageHalf() throws IOException {
    try (SiglipCheckpoint siglip = SiglipCheckpoint.open(write(3, Map.of()))) {
      assertEquals(
          new SiglipCheckpoint.Sizes(new Architecture.Semantic(48, 3, 3, 96, 1e-6, 16), 14, 60),
          siglip.sizes());
    }
  }

  @Test
  void readsTheWeightsOfItsImageHalf() throws IOException {
    Path folder = write(3, Map.of());
    try (SiglipCheckpoint siglip = SiglipCheckpoint.open(folder);
        CheckpointWeights stored = Checkpoints.open(folder);
        CheckpointWeights weights = siglip.weights()) {
      assertEquals(siglip.shapes().keySet(), weights.names());
      assertEquals(2 + 1 + 3 * 16 + 2, weights.names().size());
      for (String name : weights.names()) {
        assertEquals(siglip.shapes().get(name), weights.shape(name));
        assertArrayEquals(
            stored.readFloats(name).values(), weights.readFloats(name).values(), name);
      }
    }
  }

  /** The first layers become semantic layers; the last is left out, as in the released models. */
  @Test
  void beginsSemanticLayers() throws IOException {
    TinyCheckpoint.TINY_A.copyTo(temporary);
    Path folder = write(3, Map.of());
    Path result = temporary.resolve("result");
    InitialCheckpoint.write(
        result,
        InitialRequest.like(temporary.resolve("tiny-a"), 1).withSemanticLayers(folder),
        ExportListener.NONE);
    try (CheckpointWeights stored = Checkpoints.open(folder);
        CheckpointWeights initial = Checkpoints.open(result)) {
      assertArrayEquals(
          stored.readFloats(LAYER).values(),
          initial.readFloats("und_trans.layers.1.mlp.fc1.weight").values());
      assertArrayEquals(
          stored.readFloats("vision_model.embeddings.position_embedding.weight").values(),
          initial.readFloats("position_embedding.weight").values());
      assertEquals(
          33, initial.names().stream().filter(name -> name.matches("(und_|pos).*")).count());
    }
  }

  @Test
  void refusesOtherSizes() throws IOException {
    try (SiglipCheckpoint siglip = SiglipCheckpoint.open(write(1, Map.of()))) {
      String message =
          assertThrows(InvalidModelException.class, () -> siglip.semanticLayers(TINY_A))
              .getMessage();
      assertTrue(message.contains("there must be enough of them"), message);
    }
  }

  @Test
  void refusesWeightsThatDoNotFitOneAnother() throws IOException {
    Path folder = write(3, Map.of(LAYER, Shape.of(96, 47)));
    String message =
        assertThrows(InvalidModelException.class, () -> SiglipCheckpoint.open(folder)).getMessage();
    assertTrue(message.contains(LAYER + " should be [96, 48], found [96, 47]"), message);
  }

  @Test
  void refusesOtherModels() throws IOException {
    Path folder = TinyCheckpoint.TINY_A.copyTo(temporary);
    String message =
        assertThrows(InvalidModelException.class, () -> SiglipCheckpoint.open(folder)).getMessage();
    assertTrue(message.contains("SiglipVisionModel is expected"), message);
  }

  /** A checkpoint with both halves, as Hugging Face's SiglipModel is saved. */
  private Path write(int layers, Map<String, Shape> changed) throws IOException {
    Path folder = Files.createDirectories(temporary.resolve("siglip"));
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"architectures": ["SiglipModel"], "model_type": "siglip",
         "text_config": {"hidden_size": 8, "model_type": "siglip_text_model"},
         "vision_config": {"hidden_size": 48, "image_size": 60, "intermediate_size": 96,
           "model_type": "siglip_vision_model", "num_attention_heads": 3,
           "num_hidden_layers": %d, "patch_size": 14}}
        """
            .formatted(layers));
    Map<String, Shape> shapes = new TreeMap<>();
    shapes.put("logit_scale", Shape.of(1));
    shapes.put("text_model.head.weight", Shape.of(8, 8));
    shapes.put("vision_model.head.probe", Shape.of(1, 1, 48));
    shapes.put("vision_model.embeddings.patch_embedding.weight", Shape.of(48, 3, 14, 14));
    shapes.put("vision_model.embeddings.patch_embedding.bias", Shape.of(48));
    shapes.put("vision_model.embeddings.position_embedding.weight", Shape.of(16, 48));
    for (int i = 0; i < layers; i++) {
      String layer = "vision_model.encoder.layers." + i;
      for (String linear : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        shapes.put(layer + ".self_attn." + linear + ".weight", Shape.of(48, 48));
        shapes.put(layer + ".self_attn." + linear + ".bias", Shape.of(48));
      }
      for (String norm : List.of("layer_norm1", "layer_norm2")) {
        shapes.put(layer + "." + norm + ".weight", Shape.of(48));
        shapes.put(layer + "." + norm + ".bias", Shape.of(48));
      }
      shapes.put(layer + ".mlp.fc1.weight", Shape.of(96, 48));
      shapes.put(layer + ".mlp.fc1.bias", Shape.of(96));
      shapes.put(layer + ".mlp.fc2.weight", Shape.of(48, 96));
      shapes.put(layer + ".mlp.fc2.bias", Shape.of(48));
    }
    shapes.put("vision_model.post_layernorm.weight", Shape.of(48));
    shapes.put("vision_model.post_layernorm.bias", Shape.of(48));
    shapes.putAll(changed);
    Random random = new Random(5);
    ComposedWeights weights = new ComposedWeights();
    shapes.forEach(
        (name, shape) -> {
          float[] values = new float[(int) shape.elementCount()];
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
          }
          weights.add(name, shape, Floats.source(values));
        });
    Floats.write(folder.resolve("model.safetensors"), weights);
    return folder;
  }
}
