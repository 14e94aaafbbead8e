package dev.showo2.export.internal.architecture;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Architecture;
import dev.showo2.model.internal.JsonFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares the sizes in {@code config.json} and {@code arch.json} with those that the weights have:
 * a difference means that the files belong to different checkpoints, or that weights are missing.
 */
final class SizeAgreement {

  private final List<String> differences = new ArrayList<>();

  private SizeAgreement() {}

  /**
   * @param withVae whether the sizes of the VAE are from weights too
   * @throws InvalidModelException listing every field that says something else than the weights
   */
  static void require(
      Architecture architecture, JsonFields config, Optional<JsonFields> arch, boolean withVae) {
    SizeAgreement agreement = new SizeAgreement();
    agreement.config(new Section(Optional.of(config)), architecture);
    agreement.backbone(Section.backbone(arch), architecture.backbone());
    agreement.semantic(Section.semantic(arch), architecture.semantic());
    agreement.flowHead(Section.flowHead(arch), architecture.flowHead());
    if (withVae) {
      agreement.vae(Section.of(arch, "vae"), architecture.vae());
    }
    if (!agreement.differences.isEmpty()) {
      throw new InvalidModelException(
          "the weights contradict the files beside them; do they belong together, and is the"
              + " checkpoint complete?\n  "
              + String.join("\n  ", agreement.differences));
    }
  }

  private void config(Section config, Architecture architecture) {
    compare(config, "hidden_size", architecture.backbone().hiddenSize());
    compare(config, "llm_vocab_size", architecture.backbone().vocabularySize());
    compare(config, "clip_latent_dim", architecture.semantic().hiddenSize());
    compare(config, "num_diffusion_layers", architecture.flowHead().layers());
    compare(config, "image_latent_dim", architecture.vae().latentChannels());
    compare(config, "patch_size", architecture.patchSize());
  }

  private void backbone(Section llm, Architecture.Decoder sizes) {
    compare(llm, "hidden_size", sizes.hiddenSize());
    compare(llm, "num_hidden_layers", sizes.layers());
    compare(llm, "num_attention_heads", sizes.heads());
    compare(llm, "num_key_value_heads", sizes.keyValueHeads());
    compare(llm, "intermediate_size", sizes.feedForwardSize());
    compare(llm, "vocab_size", sizes.vocabularySize());
  }

  private void semantic(Section siglip, Architecture.Semantic sizes) {
    compare(siglip, "hidden_size", sizes.hiddenSize());
    compare(siglip, "layers_used", sizes.layers());
    compare(siglip, "intermediate_size", sizes.feedForwardSize());
    compare(siglip, "num_positions", sizes.positions());
  }

  private void flowHead(Section head, Architecture.FlowHead sizes) {
    compare(head, "hidden_size", sizes.hiddenSize());
    compare(head, "layers", sizes.layers());
    compare(head, "num_attention_heads", sizes.heads());
    compare(head, "num_key_value_heads", sizes.keyValueHeads());
    compare(head, "head_dim", sizes.headSize());
    compare(head, "intermediate_size", sizes.feedForwardSize());
  }

  private void vae(Section vae, Architecture.Vae sizes) {
    compare(vae, "dim", sizes.width());
    compare(vae, "z_dim", sizes.latentChannels());
  }

  private void compare(Section section, String name, int inWeights) {
    section
        .field(name)
        .filter(json -> json.number(name) != inWeights)
        .ifPresent(
            json ->
                differences.add(
                    json.wrong(name, inWeights + ", as the weights have it").getMessage()));
  }
}
