package dev.showo2.export.architecture;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.Weights;
import dev.showo2.model.Architecture;
import dev.showo2.model.JsonFields;
import dev.showo2.stage.TokenGrid;
import java.util.Optional;

/**
 * Finds out what a checkpoint is: widths and depths from the shapes of its weights, the grids from
 * {@code config.json}, and what neither says from {@code arch.json} or, without one, from the sizes
 * that the released models have.
 */
public final class ArchitectureReader {

  private static final TokenGrid RELEASED_VIDEO_GRID = new TokenGrid(14, 14);

  private final WeightShapes model;
  private final Weights weights;
  private final JsonFields config;
  private final Optional<JsonFields> arch;

  private ArchitectureReader(Weights weights, JsonFields config, Optional<JsonFields> arch) {
    this.model = new WeightShapes(weights, "the model's checkpoint");
    this.weights = weights;
    this.config = config;
    this.arch = arch;
  }

  /**
   * @param config {@code config.json} of the checkpoint
   * @param arch {@code arch.json} beside it, where there is one
   * @throws InvalidModelException if a size cannot be found out, naming what would tell it
   */
  public static Architecture read(
      Weights model, Weights vae, JsonFields config, Optional<JsonFields> arch) {
    return new ArchitectureReader(model, config, arch).read(vae);
  }

  private Architecture read(Weights vae) {
    requireReleasedForm("add_time_embeds");
    requireReleasedForm("add_qk_norm");
    int patchSize = (int) model.dimension("image_embedder_und.proj.weight", 2, 4);
    TokenGrid imageGrid = grid("image_latent_height", "image_latent_width");
    TokenGrid videoGrid =
        config.has("video_latent_height")
            ? grid("video_latent_height", "video_latent_width")
            : imageGrid;
    return new Architecture(
        backbone(),
        semantic(),
        flowHead(),
        VaeReader.read(vae, arch),
        patchSize,
        imageGrid,
        videoGrid,
        videoUnderstandingGrid());
  }

  private void requireReleasedForm(String switchName) {
    if (config.has(switchName) && !config.bool(switchName)) {
      throw config.wrong(switchName, "true, as in every released Show-o2 model");
    }
  }

  private TokenGrid grid(String height, String width) {
    return new TokenGrid(config.integer(height, 1, 1024), config.integer(width, 1, 1024));
  }

  private TokenGrid videoUnderstandingGrid() {
    if (arch.isEmpty() || !arch.get().has("video_understanding_grid")) {
      return RELEASED_VIDEO_GRID;
    }
    long[] grid = arch.get().longs("video_understanding_grid");
    if (grid.length != 2 || grid[0] < 1 || grid[1] < 1 || grid[0] > 1024 || grid[1] > 1024) {
      throw arch.get().wrong("video_understanding_grid", "[rows, columns]");
    }
    return new TokenGrid((int) grid[0], (int) grid[1]);
  }

  private Architecture.Decoder backbone() {
    Optional<JsonFields> llm = arch.map(json -> json.object("llm"));
    int hiddenSize = (int) model.dimension("showo.model.embed_tokens.weight", 1, 2);
    String attention = "showo.model.layers.0.self_attn";
    int headSize =
        llm.map(json -> hiddenSize / json.integer("num_attention_heads", 1, hiddenSize))
            .orElseGet(() -> KnownSizes.backboneHeadSize(hiddenSize));
    return new Architecture.Decoder(
        hiddenSize,
        model.count("showo.model.layers.%d.input_layernorm.weight"),
        heads(attention + ".q_proj.weight", headSize),
        heads(attention + ".k_proj.weight", headSize),
        headSize,
        (int) model.dimension("showo.model.layers.0.mlp.gate_proj.weight", 0, 2),
        (int) model.dimension("showo.model.embed_tokens.weight", 0, 2),
        number(llm, "rms_norm_eps", 1e-6),
        number(llm, "rope_theta", 1e6),
        tiedEmbeddings(llm));
  }

  private boolean tiedEmbeddings(Optional<JsonFields> llm) {
    String head = "showo.lm_head.weight";
    if (!weights.names().contains(head)) {
      return true;
    }
    return llm.map(json -> json.bool("tie_word_embeddings"))
        .orElseGet(() -> weights.sameValues("showo.model.embed_tokens.weight", head));
  }

  private Architecture.Semantic semantic() {
    Optional<JsonFields> siglip = arch.map(json -> json.object("siglip_vision"));
    int hiddenSize = (int) model.dimension("position_embedding.weight", 1, 2);
    return new Architecture.Semantic(
        hiddenSize,
        model.count("und_trans.layers.%d.layer_norm1.weight"),
        siglip
            .map(json -> json.integer("num_attention_heads", 1, hiddenSize))
            .orElseGet(() -> KnownSizes.semanticHeads(hiddenSize)),
        (int) model.dimension("und_trans.layers.0.mlp.fc1.weight", 0, 2),
        number(siglip, "layer_norm_eps", 1e-6),
        (int) model.dimension("position_embedding.weight", 0, 2));
  }

  private Architecture.FlowHead flowHead() {
    Optional<JsonFields> head = arch.map(json -> json.object("flow_head"));
    Optional<JsonFields> scaling = head.map(json -> json.object("rope_scaling"));
    String attention = "diffusion_head_a.0.self_attn";
    int headSize = (int) model.dimension(attention + ".q_norm.weight", 0, 1);
    return new Architecture.FlowHead(
        (int) model.dimension("time_embed.mlp.0.weight", 0, 2),
        model.count("diffusion_head_a.%d.input_layernorm.weight"),
        heads(attention + ".q_proj.weight", headSize),
        heads(attention + ".k_proj.weight", headSize),
        headSize,
        (int) model.dimension("diffusion_head_a.0.mlp.gate_proj.weight", 0, 2),
        number(head, "rms_norm_eps", 1e-5),
        number(head, "rope_theta", 5e5),
        new Architecture.RopeScaling(
            number(scaling, "factor", 32),
            number(scaling, "low_freq_factor", 1),
            number(scaling, "high_freq_factor", 4),
            (int) number(scaling, "original_max_position_embeddings", 8192)));
  }

  private int heads(String key, int headSize) {
    long width = model.dimension(key, 0, 2);
    if (width % headSize != 0) {
      throw new InvalidModelException(
          key + " has " + width + " rows, which heads of " + headSize + " do not divide");
    }
    return (int) (width / headSize);
  }

  private static double number(Optional<JsonFields> json, String name, double released) {
    return json.filter(fields -> fields.has(name))
        .map(fields -> fields.number(name))
        .orElse(released);
  }
}
