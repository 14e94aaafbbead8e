package dev.showo2.export.internal.architecture;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.model.Architecture;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.stage.TokenGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Finds out what a checkpoint is: widths and depths from the shapes of its weights, the grids from
 * {@code config.json}, and what neither says from {@code arch.json} or, without one, from the sizes
 * that the released models have. What the files say twice must agree.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ArchitectureReader {

  private static final String MODEL = "the model's checkpoint";
  private static final String PATCHES = "image_embedder_und.proj.weight";

  private final WeightShapes shapes;
  private final JsonFields config;
  private final Optional<JsonFields> arch;

  private ArchitectureReader(
      CheckpointWeights weights, JsonFields config, Optional<JsonFields> arch) {
    this.shapes = new WeightShapes(weights, MODEL, CheckpointKind.SHOW_O2);
    this.config = config;
    this.arch = arch;
  }

  /**
   * @param config {@code config.json} of the checkpoint
   * @param arch {@code arch.json} beside it, where there is one
   * @throws InvalidModelException if a size cannot be found out, naming what would tell it; if
   *     weights and files contradict each other; or if the graphs cannot compute such a model
   */
  public static Architecture read(
      CheckpointWeights model,
      CheckpointWeights vae,
      JsonFields config,
      Optional<JsonFields> arch) {
    return read(model, Optional.of(vae), config, arch);
  }

  /**
   * The same for a checkpoint that may lack its VAE.
   *
   * @param vae if empty, the released one stands in, whatever {@code arch.json} says of another
   */
  public static Architecture read(
      CheckpointWeights model,
      Optional<CheckpointWeights> vae,
      JsonFields config,
      Optional<JsonFields> arch) {
    Architecture architecture = new ArchitectureReader(model, config, arch).read(vae);
    SizeAgreement.require(architecture, config, arch, vae.isPresent());
    ArchitectureRules.require(architecture);
    return architecture;
  }

  private Architecture read(Optional<CheckpointWeights> vae) {
    Section settings = new Section(Optional.of(config));
    settings.requireReleased("add_time_embeds", "true");
    settings.requireReleased("add_qk_norm", "true");
    shapes.require(sizingKeys());
    TokenGrid imageGrid = grid("image_latent_height", "image_latent_width");
    TokenGrid videoGrid =
        config.has("video_latent_height")
            ? grid("video_latent_height", "video_latent_width")
            : imageGrid;
    return new Architecture(
        BackboneReader.read(shapes, Section.of(arch, "llm")),
        SemanticReader.read(shapes, Section.of(arch, "siglip_vision")),
        FlowHeadReader.read(shapes, Section.of(arch, "flow_head")),
        vae.map(weights -> VaeReader.read(weights, Section.of(arch, "vae"))).orElse(KnownSizes.VAE),
        shapes.dimension(PATCHES, 2, 4),
        imageGrid,
        videoGrid,
        videoUnderstandingGrid());
  }

  private static List<String> sizingKeys() {
    List<String> keys = new ArrayList<>(List.of(PATCHES));
    keys.addAll(BackboneReader.sizingKeys());
    keys.addAll(SemanticReader.sizingKeys());
    keys.addAll(FlowHeadReader.sizingKeys());
    return keys;
  }

  private TokenGrid grid(String height, String width) {
    return new TokenGrid(config.integer(height, 1, 1024), config.integer(width, 1, 1024));
  }

  private TokenGrid videoUnderstandingGrid() {
    if (arch.isEmpty() || !arch.get().has("video_understanding_grid")) {
      return KnownSizes.VIDEO_UNDERSTANDING_GRID;
    }
    long[] grid = arch.get().longs("video_understanding_grid");
    if (grid.length != 2 || grid[0] < 1 || grid[1] < 1 || grid[0] > 1024 || grid[1] > 1024) {
      throw arch.get().wrong("video_understanding_grid", "[rows, columns], each from 1 to 1024");
    }
    return new TokenGrid((int) grid[0], (int) grid[1]);
  }
}
