package dev.showo2.export.internal.architecture;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.model.Architecture;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.stage.TokenGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Finds out what a checkpoint is: widths and depths from the shapes of its weights, the grids from
 * {@code config.json}, and what neither says from {@code arch.json} or, without one, from the sizes
 * that the released models have. What the files say twice must agree.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ArchitectureReader {

  /** The checkpoint, for messages. */
  public static final String MODEL = "the model's checkpoint";

  /** The checkpoint of the VAE, for messages. */
  public static final String VAE = VaeReader.VAE;

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
    return read(model, Optional.of(vae), config, arch, Optional.empty());
  }

  /**
   * The same for a checkpoint that may lack its VAE.
   *
   * @param vae if empty, the released one is taken, whatever {@code arch.json} says of another
   * @param vaeConfig what diffusers put beside the VAE
   */
  public static Architecture read(
      CheckpointWeights model,
      Optional<CheckpointWeights> vae,
      JsonFields config,
      Optional<JsonFields> arch,
      Optional<JsonFields> vaeConfig) {
    QuantizationMarks.refuse(MODEL, model);
    vae.ifPresent(weights -> QuantizationMarks.refuse(VaeReader.VAE, weights));
    Architecture architecture = new ArchitectureReader(model, config, arch).read(vae, vaeConfig);
    SizeAgreement.require(architecture, config, arch, vae.isPresent());
    ArchitectureRules.require(architecture);
    return architecture;
  }

  /**
   * The sizes of a backbone alone.
   *
   * @param what the checkpoint is, for messages
   * @param weights with the keys that they have in the whole model
   * @param config {@code config.json} of the language model
   * @throws InvalidModelException if a size cannot be found out, or if weights and file contradict
   *     each other
   */
  public static Architecture.Decoder backbone(
      String what, CheckpointWeights weights, JsonFields config) {
    WeightShapes shapes = new WeightShapes(weights, what, CheckpointKind.SHOW_O2);
    shapes.require(BackboneReader.sizingKeys());
    return BackboneReader.read(shapes, new Section(Optional.of(config)));
  }

  /**
   * The sizes of semantic layers alone, as many as there are.
   *
   * @param what the checkpoint is, for messages
   * @param weights with the keys that they have in the whole model
   * @param config SigLIP's description of its vision model
   * @throws InvalidModelException if a size cannot be found out, or if weights and file contradict
   *     each other
   */
  public static Architecture.Semantic semantic(
      String what, CheckpointWeights weights, JsonFields config) {
    WeightShapes shapes = new WeightShapes(weights, what, CheckpointKind.SHOW_O2);
    shapes.require(SemanticReader.sizingKeys());
    return SemanticReader.read(shapes, new Section(Optional.of(config)));
  }

  private Architecture read(Optional<CheckpointWeights> vae, Optional<JsonFields> vaeConfig) {
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
        BackboneReader.read(shapes, Section.backbone(arch)),
        SemanticReader.read(shapes, Section.semantic(arch)),
        FlowHeadReader.read(shapes, Section.flowHead(arch)),
        vae.map(weights -> VaeReader.read(weights, Section.of(arch, "vae"), vaeConfig))
            .orElse(KnownSizes.VAE),
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

  /** The sizes of the Qwen2.5 backbone. */
  private static final class BackboneReader {

    private static final String LAYER_TYPES = "layer_types";
    private static final String FULL = "full_attention";

    /** Fields of Qwen2's configuration in transformers 4 and 5, and of Llama's with its values. */
    private static final Set<String> KNOWN =
        Set.of(
            "hidden_act",
            "head_dim",
            "max_window_layers",
            "num_attention_heads",
            "num_key_value_heads",
            "rms_norm_eps",
            "rope_parameters",
            "rope_scaling",
            "rope_theta",
            "sliding_window",
            "use_sliding_window");

    private static final String LAYERS = "showo.model.layers.";
    private static final String QUERIES = LAYERS + "0.self_attn.q_proj.weight";
    private static final String KEYS = LAYERS + "0.self_attn.k_proj.weight";
    private static final String GATE = LAYERS + "0.mlp.gate_proj.weight";

    private BackboneReader() {}

    /** The keys that tell the sizes. */
    static List<String> sizingKeys() {
      return List.of(ModelKeys.EMBEDDING, QUERIES, KEYS, GATE);
    }

    /**
     * @param llm the object of that name in {@code arch.json}
     */
    static Architecture.Decoder read(WeightShapes shapes, Section llm) {
      llm.requireReleased("hidden_act", "\"silu\"");
      llm.requireReleased("use_sliding_window", "false");
      llm.requireKnown(KNOWN);
      requireFullAttention(llm);
      RopeSettings rope = RopeSettings.of(llm);
      requireUnscaled(llm, rope);
      int hiddenSize = shapes.dimension(ModelKeys.EMBEDDING, 1, 2);
      int headSize = headSize(llm, hiddenSize);
      return new Architecture.Decoder(
          hiddenSize,
          shapes.layers(LAYERS),
          shapes.heads(QUERIES, headSize),
          shapes.heads(KEYS, headSize),
          headSize,
          shapes.dimension(GATE, 0, 2),
          shapes.dimension(ModelKeys.EMBEDDING, 0, 2),
          llm.positive("rms_norm_eps", 1e-6),
          rope.theta(1e6),
          tiedEmbeddings(shapes.weights(), llm, hiddenSize));
    }

    private static void requireUnscaled(Section llm, RopeSettings rope) {
      if (rope.parameters().isEmpty() && !RopeSettings.type(rope.scaling()).equals("default")) {
        llm.requireReleased("rope_scaling", "null");
      }
      rope.requireType("default");
    }

    private static void requireFullAttention(Section llm) {
      llm.field(LAYER_TYPES)
          .filter(json -> json.strings(LAYER_TYPES).stream().anyMatch(type -> !type.equals(FULL)))
          .ifPresent(
              json -> {
                throw json.wrong(LAYER_TYPES, FULL + " for every layer, the only exported form");
              });
    }

    private static int headSize(Section llm, int hiddenSize) {
      OptionalInt explicit = llm.integer("head_dim", 1, hiddenSize);
      if (explicit.isPresent()) {
        return explicit.getAsInt();
      }
      OptionalInt heads = llm.integer("num_attention_heads", 1, hiddenSize);
      if (heads.isEmpty()) {
        return KnownSizes.backboneHeadSize(hiddenSize);
      }
      if (hiddenSize % heads.getAsInt() != 0) {
        JsonFields json = llm.json().orElseThrow();
        throw json.wrong("num_attention_heads", "a divisor of the hidden size " + hiddenSize);
      }
      return hiddenSize / heads.getAsInt();
    }

    /** Tied models come with the one matrix under both keys, or only under the first. */
    private static boolean tiedEmbeddings(CheckpointWeights weights, Section llm, int hiddenSize) {
      return llm.flag("tie_word_embeddings")
          .orElseGet(
              () ->
                  weights.names().contains(ModelKeys.LANGUAGE_HEAD)
                      ? weights.sameValues(ModelKeys.EMBEDDING, ModelKeys.LANGUAGE_HEAD)
                      : withoutHead(hiddenSize));
    }

    private static boolean withoutHead(int hiddenSize) {
      if (!KnownSizes.tied(hiddenSize).orElse(true)) {
        throw new InvalidModelException(
            MODEL
                + " lacks "
                + ModelKeys.LANGUAGE_HEAD
                + ", which the released models of hidden size "
                + hiddenSize
                + " have beside "
                + ModelKeys.EMBEDDING
                + "; is it complete? If this one uses one matrix for both, put an arch.json with"
                + " 'llm.tie_word_embeddings': true beside it");
      }
      return true;
    }
  }

  /** The sizes of the flow head. */
  private static final class FlowHeadReader {

    private static final Set<String> KNOWN =
        Set.of(
            "head_dim",
            "hidden_act",
            "num_attention_heads",
            "num_key_value_heads",
            "qk_norm",
            "rms_norm_eps",
            "rope_parameters",
            "rope_scaling",
            "rope_theta");

    private static final String LAYERS = "diffusion_head_a.";
    private static final String TIME = "time_embed.mlp.0.weight";
    private static final String QUERY_NORM = LAYERS + "0.self_attn.q_norm.weight";
    private static final String QUERIES = LAYERS + "0.self_attn.q_proj.weight";
    private static final String KEYS = LAYERS + "0.self_attn.k_proj.weight";
    private static final String GATE = LAYERS + "0.mlp.gate_proj.weight";

    private static final Architecture.RopeScaling RELEASED = KnownSizes.ROPE_SCALING;

    private FlowHeadReader() {}

    /** The keys that tell the sizes. */
    static List<String> sizingKeys() {
      return List.of(TIME, QUERY_NORM, QUERIES, KEYS, GATE);
    }

    /**
     * @param head the object {@code flow_head} of {@code arch.json}
     */
    static Architecture.FlowHead read(WeightShapes shapes, Section head) {
      head.requireReleased("qk_norm", "true");
      head.requireKnown(KNOWN);
      RopeSettings rope = RopeSettings.of(head);
      int headSize = shapes.dimension(QUERY_NORM, 0, 1);
      return new Architecture.FlowHead(
          shapes.dimension(TIME, 0, 2),
          shapes.layers(LAYERS),
          shapes.heads(QUERIES, headSize),
          shapes.heads(KEYS, headSize),
          headSize,
          shapes.dimension(GATE, 0, 2),
          head.positive("rms_norm_eps", 1e-5),
          rope.theta(5e5),
          scaling(head, rope));
    }

    private static Architecture.RopeScaling scaling(Section head, RopeSettings rope) {
      Section scaling = rope.scaling();
      if (scaling.json().isEmpty() && rope.statesScaling()) {
        // null is not "as released" but another model, one without scaling.
        String name = rope.parameters().isPresent() ? "rope_parameters" : "rope_scaling";
        throw head.stated(name)
            .orElseThrow()
            .wrong(name, "the llama3 scaling of the released models");
      }
      if (!RopeSettings.type(scaling).isEmpty() && scaling.json().isPresent()) {
        rope.requireType("llama3");
      }
      return new Architecture.RopeScaling(
          scaling.positive("factor", RELEASED.factor()),
          scaling.positive("low_freq_factor", RELEASED.lowFrequencyFactor()),
          scaling.positive("high_freq_factor", RELEASED.highFrequencyFactor()),
          scaling
              .integer("original_max_position_embeddings", 1, 1 << 20)
              .orElse(RELEASED.originalLength()));
    }
  }

  /** The sizes of the semantic layers, which come from SigLIP. */
  private static final class SemanticReader {

    private static final Set<String> KNOWN =
        Set.of("hidden_act", "layer_norm_eps", "num_attention_heads", "vision_use_head");

    private static final String LAYERS = "und_trans.layers.";
    private static final String POSITIONS = "position_embedding.weight";
    private static final String WIDENING = LAYERS + "0.mlp.fc1.weight";

    private SemanticReader() {}

    /** The keys that tell the sizes. */
    static List<String> sizingKeys() {
      return List.of(POSITIONS, WIDENING);
    }

    /**
     * @param siglip the object {@code siglip_vision} of {@code arch.json}
     */
    static Architecture.Semantic read(WeightShapes shapes, Section siglip) {
      siglip.requireReleased("hidden_act", "\"gelu_pytorch_tanh\"");
      siglip.requireKnown(KNOWN);
      int hiddenSize = shapes.dimension(POSITIONS, 1, 2);
      OptionalInt heads = siglip.integer("num_attention_heads", 1, hiddenSize);
      return new Architecture.Semantic(
          hiddenSize,
          shapes.layers(LAYERS),
          heads.isPresent() ? heads.getAsInt() : KnownSizes.semanticHeads(hiddenSize),
          shapes.dimension(WIDENING, 0, 2),
          siglip.positive("layer_norm_eps", 1e-6),
          shapes.dimension(POSITIONS, 0, 2));
    }
  }
}
