package dev.showo2.export.internal.architecture;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.checkpoint.MappedWeights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * Names of the tensors of Wan2.1's VAE in diffusers' class AutoencoderKLWan, which holds the same
 * tensors as the original file.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class WanVaeNames {

  /** Of this form: flat blocks in the encoder, lists of upsamplers in the decoder. */
  private static final Pattern DIFFUSERS =
      Pattern.compile(
          "encoder\\.down_blocks\\.\\d+\\.(?:norm1|conv1|resample)\\..*"
              + "|decoder\\.up_blocks\\.\\d+\\.upsamplers\\..*");

  private static final Pattern RESNETS =
      Pattern.compile("decoder\\.up_blocks\\.\\d{1,3}\\.resnets\\.(\\d{1,3})\\..*");

  /** What a name begins with, and what stands there in the original. */
  private static final Map<Pattern, String> MODULES = modules();

  private static final Pattern UP =
      Pattern.compile(
          "decoder\\.up_blocks\\.(\\d{1,3})\\.(resnets|upsamplers)\\.(\\d{1,3})\\.(.*)");

  /** What a block has in it, and what that is in the original. */
  private static final Map<String, String> IN_BLOCK =
      Map.of(
          "norm1", "residual.0",
          "conv1", "residual.2",
          "norm2", "residual.3",
          "conv2", "residual.6",
          "conv_shortcut", "shortcut");

  private WanVaeNames() {}

  private static Map<Pattern, String> modules() {
    Map<Pattern, String> modules = new LinkedHashMap<>();
    modules.put(Pattern.compile("quant_conv\\."), "conv1.");
    modules.put(Pattern.compile("post_quant_conv\\."), "conv2.");
    modules.put(Pattern.compile("(encoder|decoder)\\.conv_in\\."), "$1.conv1.");
    modules.put(Pattern.compile("(encoder|decoder)\\.norm_out\\."), "$1.head.0.");
    modules.put(Pattern.compile("(encoder|decoder)\\.conv_out\\."), "$1.head.2.");
    modules.put(
        Pattern.compile("(encoder|decoder)\\.mid_block\\.attentions\\.0\\."), "$1.middle.1.");
    modules.put(Pattern.compile("(encoder|decoder)\\.mid_block\\.resnets\\.0\\."), "$1.middle.0.");
    modules.put(Pattern.compile("(encoder|decoder)\\.mid_block\\.resnets\\.1\\."), "$1.middle.2.");
    modules.put(
        Pattern.compile("encoder\\.down_blocks\\.(\\d{1,4})\\."), "encoder.downsamples.$1.");
    return modules;
  }

  /** The weights under the names of the original file; those of any other model as they are. */
  public static CheckpointWeights original(CheckpointWeights vae) {
    if (vae.names().stream().noneMatch(name -> DIFFUSERS.matcher(name).matches())) {
      return vae;
    }
    int resnets = 0;
    for (String name : vae.names()) {
      Matcher matcher = RESNETS.matcher(name);
      if (matcher.matches()) {
        resnets = Math.max(resnets, Integer.parseInt(matcher.group(1)) + 1);
      }
    }
    int inBlock = resnets;
    return MappedWeights.rename(vae, name -> original(name, inBlock));
  }

  /**
   * @param resnets of each block of the decoder, behind which its upsampler stands
   */
  private static String original(String name, int resnets) {
    Matcher up = UP.matcher(name);
    if (up.matches()) {
      int at = up.group(2).equals("resnets") ? Integer.parseInt(up.group(3)) : resnets;
      int index = Integer.parseInt(up.group(1)) * (resnets + 1) + at;
      return "decoder.upsamples." + index + "." + inBlock(up.group(4));
    }
    return MODULES.entrySet().stream()
        .map(entry -> replaced(name, entry.getKey().matcher(name), entry.getValue()))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(name);
  }

  private static Optional<String> replaced(String name, Matcher matcher, String replacement) {
    if (!matcher.lookingAt()) {
      return Optional.empty();
    }
    String rest = name.substring(matcher.end());
    boolean block = name.contains(".resnets.") || name.contains(".down_blocks.");
    return Optional.of(
        matcher.group().replaceFirst(matcher.pattern().pattern(), replacement)
            + (block ? inBlock(rest) : rest));
  }

  /** The name of a tensor within a block. */
  private static String inBlock(String rest) {
    int end = rest.indexOf('.');
    String module = end < 0 ? rest : rest.substring(0, end);
    return IN_BLOCK.getOrDefault(module, module) + rest.substring(module.length());
  }
}
