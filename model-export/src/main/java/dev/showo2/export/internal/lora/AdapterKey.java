package dev.showo2.export.internal.lora;

import dev.showo2.export.internal.checkpoint.WrapperPrefix;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key of a tensor of an adapter, taken apart.
 *
 * @param path of the module in the model that was trained; of the weight itself for {@link
 *     Role#REPLACEMENT}
 */
record AdapterKey(Role role, String path) {

  /** Role of a tensor in its module. */
  enum Role {
    /** [r, in], or [r, channels, rows, columns] of a convolution. */
    A("lora_A", "\\.weight"),
    /** [out, r], or [out, r, 1, 1] of a convolution. */
    B("lora_B", "\\.weight"),
    /** [out]; scaled as the product and added to the bias of the module. */
    B_BIAS("lora_B", "\\.bias"),
    /** [r, entries]. */
    EMBEDDING_A("lora_embedding_A", ""),
    /** [width, r]. */
    EMBEDDING_B("lora_embedding_B", ""),
    /** [out], or [1, out, 1, 1] of a convolution: the norms of the merged rows. */
    MAGNITUDE("lora_magnitude_vector", "(?:\\.weight)?"),
    /** [n, width]: n whole rows of an embedding. */
    TOKEN_ROWS("token_adapter", "\\.trainable_tokens_delta(?:\\.[^.]+)?"),
    /** A weight or bias that replaces that of the model. */
    REPLACEMENT,
    /** What PEFT keeps of the model beside a replacement, and does not use. */
    UNUSED,
    /** Of a method that is not known here. */
    UNKNOWN;

    private final Pattern pattern;

    Role() {
      this.pattern = null;
    }

    Role(String name, String end) {
      // Between name and end the adapter's own name may be.
      this.pattern = Pattern.compile("(.+)\\." + name + "(?:\\.(?!weight$|bias$)[^.]+)?" + end);
    }
  }

  private static final String PREFIX = "base_model.model.";
  private static final String DATA_PARALLEL = "module.";
  private static final Pattern SAVED_MODULE = Pattern.compile("\\.modules_to_save\\.[^.]+\\.");
  private static final Pattern OTHER_METHOD =
      Pattern.compile("(?:.*\\.)?(?:lora_|token_adapter|trainable_tokens).*");

  static AdapterKey of(String tensor) {
    return ofTrained(unwrapped(WrapperPrefix.strip(tensor)));
  }

  /**
   * The path of a tensor's module in the model that was trained, with the names of torch's wrappers
   * inside it: the patterns of a configuration may have them.
   */
  static String trainedPath(String tensor) {
    return ofTrained(unwrapped(tensor)).path;
  }

  /** Without what stands before the model: PEFT's prefix, and wrappers on either side of it. */
  private static String unwrapped(String tensor) {
    String key = tensor.substring(WrapperPrefix.leading(tensor).length());
    if (key.startsWith(PREFIX)) {
      key = key.substring(PREFIX.length());
      return key.startsWith(DATA_PARALLEL) ? key.substring(DATA_PARALLEL.length()) : key;
    }
    return key;
  }

  private static AdapterKey ofTrained(String key) {
    for (Role role : Role.values()) {
      if (role.pattern != null) {
        Matcher matcher = role.pattern.matcher(key);
        if (matcher.matches()) {
          return new AdapterKey(role, matcher.group(1));
        }
      }
    }
    if (OTHER_METHOD.matcher(key).matches()) {
      return new AdapterKey(Role.UNKNOWN, key);
    }
    if (key.contains(".original_module.")) {
      return new AdapterKey(Role.UNUSED, key);
    }
    String weight = SAVED_MODULE.matcher(key).replaceAll(".").replace(".base_layer.", ".");
    return new AdapterKey(Role.REPLACEMENT, weight);
  }
}
