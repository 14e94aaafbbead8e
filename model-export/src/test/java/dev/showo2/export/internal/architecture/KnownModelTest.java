package dev.showo2.export.internal.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.model.Architecture;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.stage.TokenGrid;
import dev.showo2.testing.ArchitectureBuilder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class KnownModelTest {

  /** The lists of released keys, read with nothing but the size of the image beside them. */
  @ParameterizedTest
  @CsvSource({
    "SMALL, show-o2-1.5B, 27",
    "SMALL_HQ_512, show-o2-1.5B, 32",
    "SMALL_HQ_1024, show-o2-1.5B, 64",
    "LARGE, show-o2-7B, 27"
  })
  void hasTheSizesOfTheReleasedOne(KnownModel model, String keys, int side) {
    ShapeOnlyWeights weights = new ShapeOnlyWeights(ShapeOnlyWeights.released(keys));
    Architecture released =
        ArchitectureReader.read(
            model == KnownModel.LARGE ? weights : weights.headEqualsEmbedding(),
            new ShapeOnlyWeights(ShapeOnlyWeights.released("Wan2.1_VAE")),
            JsonFields.parse(
                "{\"image_latent_height\":%d,\"image_latent_width\":%d}".formatted(side, side),
                "config.json"),
            Optional.empty());
    assertEquals(released, model.architecture());
    assertEquals(Optional.of(model), KnownModel.of(released));
  }

  @ParameterizedTest
  @EnumSource
  void isWrittenDownAndReadAgain(KnownModel model) {
    Architecture sizes = model.architecture();
    assertEquals(
        sizes,
        ArchitectureReader.read(
            new ShapeOnlyWeights(ModelKeys.all(sizes)),
            new ShapeOnlyWeights(VaeKeys.of(sizes.vae())),
            JsonFields.parse(CheckpointJson.config(sizes).toString(), "config.json"),
            Optional.of(JsonFields.parse(CheckpointJson.arch(sizes).toString(), "arch.json"))));
  }

  @Test
  void sizesOfVideosAreLeftOpen() {
    Architecture tiny = KnownModel.TINY.architecture();
    Architecture wide =
        ArchitectureBuilder.from(tiny)
            .grids(tiny.imageGrid(), new TokenGrid(4, 6), new TokenGrid(3, 3))
            .build();
    assertEquals(Optional.of(KnownModel.TINY), KnownModel.of(wide));
  }

  @Test
  void otherSizesAreNoneOfThem() {
    Architecture other =
        ArchitectureBuilder.from(KnownModel.TINY.architecture())
            .backbone(KnownModel.SMALL.architecture().backbone())
            .build();
    assertTrue(KnownModel.of(other).isEmpty());
  }
}
