package dev.showo2.export.internal.architecture;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.internal.checkpoint.WrapperPrefix;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/** Kinds of checkpoints that are easily confused, recognized by keys that only one of them has. */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum CheckpointKind {
  /** First, because an adapter's keys hold those of its base. */
  LORA(
      "a LoRA adapter",
      ".*\\.lora_[AB]\\..*",
      "name its base model as the checkpoint and merge the adapter into it with --lora"),
  SHOW_O2(
      "a checkpoint of Show-o2",
      "showo\\.model\\.layers\\.\\d+\\.self_attn\\.o_proj\\.weight|fusion_proj\\..*"
          + "|diffusion_head_[ab]\\..*",
      "are the model and the VAE swapped?"),
  SHOW_O(
      "a checkpoint of Show-o (the first version)",
      "showo\\.model\\.layers\\.\\d+\\.self_attn\\.dense\\..*|showo\\.model\\.final_layernorm\\..*"
          + "|mm_projector\\..*",
      "the first version is another model, which is not exported"),
  LANGUAGE_MODEL(
      "a language model alone, as Qwen2.5 is published",
      "model\\.embed_tokens\\.weight",
      "only its tokenizer.json is needed beside a checkpoint of Show-o2"),
  WAN22_VAE(
      "the VAE of Wan2.2",
      "encoder\\.downsamples\\.\\d+\\.downsamples\\..*"
          + "|decoder\\.upsamples\\.\\d+\\.upsamples\\..*"
          + "|decoder\\.up_blocks\\.\\d+\\.upsampler\\..*",
      "it is another model, of 48 latent channels; get the one of Wan2.1, Wan2.1_VAE.pth"),
  WAN_VAE(
      "the VAE of Wan2.1",
      "(encoder\\.downsamples|decoder\\.upsamples)\\..*",
      "name it as the VAE, and the folder with Show-o2's config.json as the checkpoint"),
  DIFFUSERS_VAE(
      "a VAE in the form of diffusers",
      "encoder\\.conv_in\\..*|decoder\\.up_blocks\\..*",
      "get the original, Wan2.1_VAE.pth, or the AutoencoderKLWan of Wan2.1");

  private final String description;
  private final Pattern marker;
  private final String advice;

  CheckpointKind(String description, String marker, String advice) {
    this.description = description;
    this.marker = Pattern.compile(marker);
    this.advice = advice;
  }

  /**
   * Refuses keys that belong to an unsupported checkpoint, or to one inside a wrapper.
   *
   * @param what the checkpoint is meant to be, for the message
   * @throws InvalidModelException that says what the keys belong to and what to do; not if they
   *     belong to this kind or to none that is known
   */
  public void require(String what, Set<String> keys) {
    refuseOthers(what, keys);
    Optional<String> wrapped = WrapperPrefix.wrapped(keys);
    if (wrapped.isPresent()) {
      throw new InvalidModelException(
          what
              + " has the key '"
              + wrapped.get()
              + "', which goes through a wrapper of torch (module, _orig_mod or"
              + " _fsdp_wrapped_module); these names are left out only where every key starts with"
              + " them: save the state dict of the model inside the wrapper");
    }
  }

  /**
   * Refuses keys that belong to an unsupported checkpoint.
   *
   * @param what the checkpoint is meant to be, for the message
   * @throws InvalidModelException as {@link #require}
   */
  public void refuseOthers(String what, Set<String> keys) {
    Optional<CheckpointKind> found =
        Arrays.stream(values()).filter(kind -> kind.sign(keys).isPresent()).findFirst();
    if (found.isPresent() && found.get() != this) {
      CheckpointKind kind = found.get();
      throw new InvalidModelException(
          "%s is %s: it has the key '%s'. Expected is %s, with keys such as %s; %s"
              .formatted(
                  what,
                  kind.description,
                  kind.sign(keys).orElseThrow(),
                  description,
                  samples(),
                  kind.advice));
    }
  }

  private Optional<String> sign(Set<String> keys) {
    return keys.stream().filter(key -> marker.matcher(key).matches()).findFirst();
  }

  private String samples() {
    return this == WAN_VAE
        ? "encoder.downsamples.0.residual.2.weight"
        : "showo.model.layers.0.self_attn.o_proj.weight, fusion_proj.1.weight and"
            + " diffusion_head_a.0.self_attn.q_proj.weight";
  }
}
