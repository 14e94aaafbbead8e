package dev.showo2.export.internal.architecture;

import dev.showo2.model.Architecture;
import dev.showo2.tensor.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apiguardian.api.API;

/** The keys and shapes that the checkpoint of a model must have, part by part. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ModelKeys {

  /** The embedding matrix. */
  public static final String EMBEDDING = "showo.model.embed_tokens.weight";

  /** The language head; in tied models the embedding matrix once more, where it is there at all. */
  public static final String LANGUAGE_HEAD = "showo.lm_head.weight";

  private ModelKeys() {}

  /** Every key of the model, part after part. */
  public static Map<String, Shape> all(Architecture architecture) {
    Map<String, Shape> keys = new LinkedHashMap<>(text(architecture));
    keys.putAll(backbone(architecture));
    keys.putAll(fusion(architecture));
    keys.putAll(flowHead(architecture));
    return Collections.unmodifiableMap(keys);
  }

  /** The embedding matrix, and the language head where it is a matrix of its own. */
  public static Map<String, Shape> text(Architecture architecture) {
    Architecture.Decoder sizes = architecture.backbone();
    KeyList keys = new KeyList().add(EMBEDDING, sizes.vocabularySize(), sizes.hiddenSize());
    if (!sizes.tiedEmbeddings()) {
      keys.add(LANGUAGE_HEAD, sizes.vocabularySize(), sizes.hiddenSize());
    }
    return keys.toMap();
  }

  /** The decoder's layers and final norm. */
  public static Map<String, Shape> backbone(Architecture architecture) {
    Architecture.Decoder sizes = architecture.backbone();
    int width = sizes.hiddenSize();
    int queries = sizes.heads() * sizes.headSize();
    int keyValues = sizes.keyValueHeads() * sizes.headSize();
    KeyList keys = new KeyList();
    for (int layer = 0; layer < sizes.layers(); layer++) {
      String key = "showo.model.layers." + layer;
      keys.add(key + ".input_layernorm.weight", width)
          .linear(key + ".self_attn.q_proj", queries, width)
          .linear(key + ".self_attn.k_proj", keyValues, width)
          .linear(key + ".self_attn.v_proj", keyValues, width)
          .linearWithoutBias(key + ".self_attn.o_proj", width, queries)
          .add(key + ".post_attention_layernorm.weight", width);
      swiGlu(keys, key + ".mlp", width, sizes.feedForwardSize());
    }
    return keys.add("showo.model.norm.weight", width).toMap();
  }

  /** Both paths of the fusion and what joins them. */
  public static Map<String, Shape> fusion(Architecture architecture) {
    Architecture.Semantic sizes = architecture.semantic();
    int semantic = sizes.hiddenSize();
    int width = architecture.backbone().hiddenSize();
    int channels = architecture.vae().latentChannels();
    int patch = architecture.patchSize();
    Map<String, Shape> keys = new LinkedHashMap<>();
    keys.putAll(
        new KeyList()
            .convolution("image_embedder_und.proj", semantic, channels, patch, patch)
            .convolution("image_embedder_gen.proj", width, channels, patch, patch)
            .toMap());
    keys.putAll(semanticLayers(sizes));
    keys.putAll(
        new KeyList()
            .add("fusion_proj.0.weight", semantic + width)
            .linear("fusion_proj.1", width, semantic + width)
            .linear("fusion_proj.3", width, width)
            .toMap());
    return Collections.unmodifiableMap(keys);
  }

  /** The positions and layers of the semantic path, without what turns latents into its input. */
  public static Map<String, Shape> semanticLayers(Architecture.Semantic sizes) {
    int semantic = sizes.hiddenSize();
    KeyList keys = new KeyList().add("position_embedding.weight", sizes.positions(), semantic);
    for (int layer = 0; layer < sizes.layers(); layer++) {
      String key = "und_trans.layers." + layer;
      keys.layerNorm(key + ".layer_norm1", semantic)
          .linear(key + ".self_attn.q_proj", semantic, semantic)
          .linear(key + ".self_attn.k_proj", semantic, semantic)
          .linear(key + ".self_attn.v_proj", semantic, semantic)
          .linear(key + ".self_attn.out_proj", semantic, semantic)
          .layerNorm(key + ".layer_norm2", semantic)
          .linear(key + ".mlp.fc1", sizes.feedForwardSize(), semantic)
          .linear(key + ".mlp.fc2", semantic, sizes.feedForwardSize());
    }
    return keys.toMap();
  }

  /** Time embedding, projection and blocks of the flow head. */
  public static Map<String, Shape> flowHead(Architecture architecture) {
    Architecture.FlowHead sizes = architecture.flowHead();
    int width = sizes.hiddenSize();
    int backbone = architecture.backbone().hiddenSize();
    int queries = sizes.heads() * sizes.headSize();
    int keyValues = sizes.keyValueHeads() * sizes.headSize();
    KeyList keys =
        new KeyList()
            .linear("time_embed.mlp.0", width, Architecture.TIME_FREQUENCIES)
            .linear("time_embed.mlp.2", width, width);
    if (architecture.projectsHidden()) {
      keys.linear("time_embed_proj", backbone, width)
          .linear("diff_proj.0", width, backbone)
          .linear("diff_proj.2", width, width);
    }
    for (int layer = 0; layer < sizes.layers(); layer++) {
      String key = "diffusion_head_a." + layer;
      keys.linear(key + ".adaLN_modulation.1", 6L * width, width)
          .add(key + ".input_layernorm.weight", width)
          .linearWithoutBias(key + ".self_attn.q_proj", queries, width)
          .linearWithoutBias(key + ".self_attn.k_proj", keyValues, width)
          .linearWithoutBias(key + ".self_attn.v_proj", keyValues, width)
          .linearWithoutBias(key + ".self_attn.o_proj", width, queries)
          .add(key + ".self_attn.q_norm.weight", sizes.headSize())
          .add(key + ".self_attn.k_norm.weight", sizes.headSize())
          .add(key + ".post_attention_layernorm.weight", width);
      swiGlu(keys, key + ".mlp", width, sizes.feedForwardSize());
    }
    long patch =
        (long) architecture.patchSize()
            * architecture.patchSize()
            * architecture.vae().latentChannels();
    return keys.linear("diffusion_head_b.adaLN_modulation.1", 2L * width, width)
        .add("diffusion_head_b.norm_final.weight", width)
        .linear("diffusion_head_b.linear", patch, width)
        .toMap();
  }

  private static void swiGlu(KeyList keys, String key, int width, int inner) {
    keys.linearWithoutBias(key + ".gate_proj", inner, width)
        .linearWithoutBias(key + ".up_proj", inner, width)
        .linearWithoutBias(key + ".down_proj", width, inner);
  }
}
