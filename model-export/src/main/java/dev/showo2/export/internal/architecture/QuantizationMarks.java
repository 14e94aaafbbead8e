package dev.showo2.export.internal.architecture;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * Tensors of quantized checkpoints that change the meaning of the weight beside them: scales, zero
 * points, packed values. A weight that is read without them is wrong, and nothing else shows it.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum QuantizationMarks {
  BITSANDBYTES(
      "as bitsandbytes stores it",
      "SCB|weight_format|(?:nested_)?absmax|(?:nested_)?quant_map|bitsandbytes__.*|quant_state"),
  PACKED("as GPTQ and AWQ store it", "qweight|qzeros|g_idx"),
  COMPRESSED(
      "as compressed-tensors stores it",
      "weight_packed|weight_shape|(?:weight|input)_global_scale|weight_g_idx"),
  SCALED(
      "as scaled 8-bit files store it",
      "scaled_fp8|comfy_quant|scale_(?:weight|input|output)"
          + "|(?:weight|input|output)_scale(?:_inv|_2)?"),
  OTHER(
      "as quantizing tools store it",
      "(?:.*_)?[a-z]{0,2}scales?(?:_.*)?|(?:.*_)?zero_?points?|(?:.*_)?zeros|(?:.*_)?zp|_?amax"
          + "|W_q|q_?scale.*|codebooks?|codes|lut");

  /** The first names of the keys of everything that is computed. */
  private static final Set<String> PARTS =
      Stream.of(
              ModelKeys.all(KnownModel.LARGE.architecture()),
              VaeKeys.of(KnownModel.LARGE.architecture().vae()))
          .flatMap(keys -> keys.keySet().stream())
          .map(key -> key.substring(0, key.indexOf('.')))
          .collect(toUnmodifiableSet());

  private final String writer;
  private final Pattern name;

  QuantizationMarks(String writer, String name) {
    this.writer = writer;
    this.name = Pattern.compile(name);
  }

  /** What a key of any checkpoint is by its last two names; empty for an ordinary weight. */
  public static Optional<QuantizationMarks> of(String key) {
    String[] path = key.split("\\.", -1);
    List<String> last = Arrays.asList(path).subList(Math.max(0, path.length - 2), path.length);
    return Arrays.stream(values())
        .filter(mark -> last.stream().anyMatch(part -> mark.name.matcher(part).matches()))
        .findFirst();
  }

  /** For messages: {@code as NAME stores it}. */
  public String writer() {
    return writer;
  }

  /**
   * Refuses a checkpoint in which a tensor of a part that is computed is such a mark.
   *
   * @param what the checkpoint is, for the message
   * @throws InvalidModelException that names one of them and says how many there are
   */
  public static void refuse(String what, CheckpointWeights weights) {
    List<String> marks =
        Stream.concat(weights.names().stream(), weights.unreadable().keySet().stream())
            .filter(QuantizationMarks::isComputed)
            .filter(key -> of(key).isPresent())
            .toList();
    if (!marks.isEmpty()) {
      String first = marks.get(0);
      throw new InvalidModelException(
          what
              + " is quantized: it has '"
              + first
              + "', "
              + of(first).orElseThrow().writer
              + (marks.size() == 1 ? "" : ", and " + (marks.size() - 1) + " more such tensors")
              + ". The weights mean something else without them, and they are not applied; export"
              + " the checkpoint that it was made from, whose weights are in fp32, fp16 or bf16");
    }
  }

  private static boolean isComputed(String key) {
    int end = key.indexOf('.');
    return end < 0 ? SCALED.name.matcher(key).matches() : PARTS.contains(key.substring(0, end));
  }
}
