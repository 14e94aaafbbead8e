package dev.showo2.export.internal.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.model.Architecture;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The key lists of the released models, read without any arch.json. */
class ReleasedModelsTest {

  private static final String HEAD = "showo.lm_head.weight";

  @Test
  void small() {
    Architecture sizes = ReleasedModels.small(27);
    assertEquals(
        new Architecture.Decoder(1536, 28, 12, 2, 128, 8960, 151_669, 1e-6, 1e6, true),
        sizes.backbone());
    assertEverythingElse(sizes);
  }

  @Test
  void large() {
    Architecture sizes = ReleasedModels.large();
    assertEquals(
        new Architecture.Decoder(3584, 28, 28, 4, 128, 18_944, 151_669, 1e-6, 1e6, false),
        sizes.backbone());
    assertEverythingElse(sizes);
  }

  private static void assertEverythingElse(Architecture sizes) {
    assertEquals(new Architecture.Semantic(1152, 26, 16, 4304, 1e-6, 729), sizes.semantic());
    assertEquals(
        new Architecture.FlowHead(
            2048, 10, 32, 8, 64, 8192, 1e-5, 5e5, new Architecture.RopeScaling(32, 1, 4, 8192)),
        sizes.flowHead());
    assertEquals(96, sizes.vae().width());
    assertEquals(16, sizes.vae().latentChannels());
    assertEquals(List.of(1, 2, 4, 4), sizes.vae().multipliers());
    assertEquals(-0.7571f, sizes.vae().latentMeans().get(0));
    assertEquals(1.916f, sizes.vae().latentDeviations().get(15));
    assertEquals(2, sizes.patchSize());
    assertEquals(new TokenGrid(27, 27), sizes.imageGrid());
    assertEquals(sizes.imageGrid(), sizes.videoGrid(), "without sizes of its own");
    assertEquals(new TokenGrid(14, 14), sizes.videoUnderstandingGrid());
    assertTrue(sizes.projectsHidden(), "H is 2048 in both, D is not");
    assertFalse(sizes.interpolatesPositions());
  }

  @Test
  void highResolutionsInterpolateThePositions() {
    for (int side : new int[] {32, 64}) {
      Architecture sizes = ReleasedModels.small(side);
      assertTrue(sizes.interpolatesPositions());
      assertEquals(729, sizes.semantic().positions());
    }
  }

  /** As its config.json has it: images of 64x64 tokens, videos of 27x27. */
  @Test
  void largestImagesLeaveVideosAsTheyAre() {
    String config =
        "{\"image_latent_height\":64,\"image_latent_width\":64,"
            + "\"video_latent_height\":27,\"video_latent_width\":27}";
    Architecture sizes = read(released("show-o2-1.5B").headEqualsEmbedding(), config);
    assertEquals(new TokenGrid(64, 64), sizes.imageGrid());
    assertEquals(new TokenGrid(27, 27), sizes.videoGrid());
    assertTrue(sizes.interpolatesPositions());
  }

  /** Models trained by others: a deeper backbone, fewer semantic layers, a shallower flow head. */
  @Test
  void otherNumbersOfLayers() {
    Map<String, Shape> keys = ShapeOnlyWeights.released("show-o2-7B");
    for (String key : List.copyOf(keys.keySet())) {
      if (key.startsWith("showo.model.layers.0.")) {
        keys.put(key.replace(".0.", ".28."), keys.get(key));
      }
    }
    keys.keySet().removeIf(key -> key.startsWith("und_trans.layers.25."));
    keys.keySet().removeIf(key -> key.matches("diffusion_head_a\\.[6789]\\..*"));
    Architecture sizes = read(new ShapeOnlyWeights(keys), config(27));
    assertEquals(29, sizes.backbone().layers());
    assertEquals(25, sizes.semantic().layers());
    assertEquals(6, sizes.flowHead().layers());
    assertEquals(keys, ModelKeys.all(sizes));
  }

  @Test
  void modelKeysAreTheReleasedOnes() {
    Map<String, Shape> small = ShapeOnlyWeights.released("show-o2-1.5B");
    Shape tied = small.remove(HEAD);
    assertEquals(small, ModelKeys.all(ReleasedModels.small(27)));
    assertEquals(small.get("showo.model.embed_tokens.weight"), tied);
    assertEquals(ShapeOnlyWeights.released("show-o2-7B"), ModelKeys.all(ReleasedModels.large()));
  }

  @Test
  void VAEKeysAreTheReleasedOnes() {
    assertEquals(
        ShapeOnlyWeights.released("Wan2.1_VAE"), VaeKeys.of(ReleasedModels.small(27).vae()));
  }

  private static String config(int side) {
    return "{\"image_latent_height\":%d,\"image_latent_width\":%d,\"llm_vocab_size\":null}"
        .formatted(side, side);
  }

  private static ShapeOnlyWeights released(String name) {
    return new ShapeOnlyWeights(ShapeOnlyWeights.released(name));
  }

  private static Architecture read(ShapeOnlyWeights model, String config) {
    return ArchitectureReader.read(
        model, released("Wan2.1_VAE"), JsonFields.parse(config, "config.json"), Optional.empty());
  }
}
