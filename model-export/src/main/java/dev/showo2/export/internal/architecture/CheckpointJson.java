package dev.showo2.export.internal.architecture;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.model.Architecture;
import java.util.List;
import org.apiguardian.api.API;

/**
 * The JSON files beside the weights of a checkpoint, in the released form: what {@link
 * ArchitectureReader} reads, written.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class CheckpointJson {

  private CheckpointJson() {}

  /** {@code config.json}. */
  public static JsonObject config(Architecture sizes) {
    JsonObject json = new JsonObject();
    json.addProperty("_class_name", "Showo2Qwen2_5");
    json.addProperty("hidden_size", sizes.backbone().hiddenSize());
    json.addProperty("llm_vocab_size", sizes.backbone().vocabularySize());
    json.addProperty("clip_latent_dim", sizes.semantic().hiddenSize());
    json.addProperty("num_diffusion_layers", sizes.flowHead().layers());
    json.addProperty("image_latent_dim", sizes.vae().latentChannels());
    json.addProperty("patch_size", sizes.patchSize());
    json.addProperty("image_latent_height", sizes.imageGrid().rows());
    json.addProperty("image_latent_width", sizes.imageGrid().columns());
    json.addProperty("video_latent_height", sizes.videoGrid().rows());
    json.addProperty("video_latent_width", sizes.videoGrid().columns());
    json.addProperty("add_time_embeds", true);
    json.addProperty("add_qk_norm", true);
    return json;
  }

  /** {@code arch.json}. */
  public static JsonObject arch(Architecture sizes) {
    JsonObject json = new JsonObject();
    json.add("llm", llm(sizes.backbone()));
    json.add("siglip_vision", siglip(sizes.semantic()));
    json.add("flow_head", flowHead(sizes.flowHead()));
    json.add("vae", vae(sizes.vae()));
    JsonArray grid = new JsonArray();
    grid.add(sizes.videoUnderstandingGrid().rows());
    grid.add(sizes.videoUnderstandingGrid().columns());
    json.add("video_understanding_grid", grid);
    return json;
  }

  private static JsonObject llm(Architecture.Decoder sizes) {
    JsonObject json = new JsonObject();
    json.addProperty("hidden_act", "silu");
    json.addProperty("hidden_size", sizes.hiddenSize());
    json.addProperty("intermediate_size", sizes.feedForwardSize());
    json.addProperty("num_attention_heads", sizes.heads());
    json.addProperty("num_hidden_layers", sizes.layers());
    json.addProperty("num_key_value_heads", sizes.keyValueHeads());
    if (sizes.heads() * sizes.headSize() != sizes.hiddenSize()) {
      json.addProperty("head_dim", sizes.headSize());
    }
    json.addProperty("rms_norm_eps", sizes.normEpsilon());
    json.addProperty("rope_theta", sizes.ropeTheta());
    json.addProperty("tie_word_embeddings", sizes.tiedEmbeddings());
    json.addProperty("vocab_size", sizes.vocabularySize());
    return json;
  }

  private static JsonObject siglip(Architecture.Semantic sizes) {
    JsonObject json = new JsonObject();
    json.addProperty("hidden_act", "gelu_pytorch_tanh");
    json.addProperty("hidden_size", sizes.hiddenSize());
    json.addProperty("intermediate_size", sizes.feedForwardSize());
    json.addProperty("num_attention_heads", sizes.heads());
    json.addProperty("layers_used", sizes.layers());
    json.addProperty("num_positions", sizes.positions());
    json.addProperty("layer_norm_eps", sizes.normEpsilon());
    return json;
  }

  private static JsonObject flowHead(Architecture.FlowHead sizes) {
    JsonObject scaling = new JsonObject();
    scaling.addProperty("rope_type", "llama3");
    scaling.addProperty("factor", sizes.ropeScaling().factor());
    scaling.addProperty("low_freq_factor", sizes.ropeScaling().lowFrequencyFactor());
    scaling.addProperty("high_freq_factor", sizes.ropeScaling().highFrequencyFactor());
    scaling.addProperty("original_max_position_embeddings", sizes.ropeScaling().originalLength());
    JsonObject json = new JsonObject();
    json.addProperty("hidden_size", sizes.hiddenSize());
    json.addProperty("num_attention_heads", sizes.heads());
    json.addProperty("num_key_value_heads", sizes.keyValueHeads());
    json.addProperty("intermediate_size", sizes.feedForwardSize());
    json.addProperty("layers", sizes.layers());
    json.addProperty("qk_norm", true);
    json.addProperty("rms_norm_eps", sizes.normEpsilon());
    json.addProperty("rope_theta", sizes.ropeTheta());
    json.add("rope_scaling", scaling);
    return json;
  }

  private static JsonObject vae(Architecture.Vae sizes) {
    JsonObject json = new JsonObject();
    json.addProperty("dim", sizes.width());
    json.addProperty("z_dim", sizes.latentChannels());
    json.addProperty("num_res_blocks", sizes.residualBlocks());
    json.add("dim_mult", numbers(sizes.multipliers()));
    JsonArray temporal = new JsonArray();
    sizes.temporalDownsample().forEach(temporal::add);
    json.add("temporal_downsample", temporal);
    json.add("latents_mean", numbers(sizes.latentMeans()));
    json.add("latents_std", numbers(sizes.latentDeviations()));
    return json;
  }

  private static JsonArray numbers(List<? extends Number> values) {
    JsonArray json = new JsonArray();
    values.forEach(json::add);
    return json;
  }
}
