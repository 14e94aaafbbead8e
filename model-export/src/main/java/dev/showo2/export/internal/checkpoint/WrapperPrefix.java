package dev.showo2.export.internal.checkpoint;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * Names that torch's wrappers put before the keys of the model inside them: {@code module.}
 * (DataParallel), {@code _orig_mod.} (compile), {@code _fsdp_wrapped_module.} (FSDP), {@code
 * _checkpoint_wrapped_module.} (activation checkpointing), {@code _forward_module.} (Lightning
 * Fabric).
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class WrapperPrefix {

  /** Names that no module of a model has. */
  private static final String OWN =
      "(?:_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module|_forward_module)\\.";

  private static final String NAMES = "(?:module\\.|" + OWN + ")";
  private static final Pattern PREFIX = Pattern.compile(NAMES + "*");
  private static final Pattern ANYWHERE = Pattern.compile("(?:^|.*\\.)" + NAMES + ".*");
  private static final Pattern STRIPPED = Pattern.compile("(?<![^.])" + OWN);

  private WrapperPrefix() {}

  /**
   * The longest prefix of wrappers, one or several, with which all keys start; empty if there is
   * none.
   */
  public static String common(Set<String> keys) {
    String prefix = keys.stream().findFirst().map(WrapperPrefix::leading).orElse("");
    for (String key : keys) {
      while (!key.startsWith(prefix)) {
        prefix = prefix.substring(0, prefix.lastIndexOf('.', prefix.length() - 2) + 1);
      }
    }
    return prefix;
  }

  /** What wrappers put before a key; empty if nothing. */
  public static String leading(String key) {
    Matcher matcher = PREFIX.matcher(key);
    return matcher.lookingAt() ? matcher.group() : "";
  }

  /**
   * A key without the wrappers' names that no module of a model has, wherever they stand; {@code
   * module} may be one.
   */
  public static String strip(String key) {
    return STRIPPED.matcher(key).replaceAll("");
  }

  /** A key that goes through a wrapper, at its start or further on. */
  public static Optional<String> wrapped(Set<String> keys) {
    return keys.stream().filter(key -> ANYWHERE.matcher(key).matches()).findFirst();
  }
}
