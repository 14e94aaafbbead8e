package dev.showo2.export.internal.checkpoint;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * Prefixes that torch's wrappers put before the keys of the model inside them: {@code module.}
 * (DataParallel), {@code _orig_mod.} (compile), {@code _fsdp_wrapped_module.} (FSDP).
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class WrapperPrefix {

  private static final String NAMES = "(?:module|_orig_mod|_fsdp_wrapped_module)\\.";
  private static final Pattern PREFIX = Pattern.compile("(?:" + NAMES + ")*");
  private static final Pattern ANYWHERE = Pattern.compile("(?:^|.*\\.)" + NAMES + ".*");

  private WrapperPrefix() {}

  /** The prefix of the first key if all keys start with it, one wrapper or several; else empty. */
  public static String common(Set<String> keys) {
    String prefix =
        keys.stream()
            .findFirst()
            .map(PREFIX::matcher)
            .filter(matcher -> matcher.lookingAt())
            .map(matcher -> matcher.group())
            .orElse("");
    return keys.stream().allMatch(key -> key.startsWith(prefix)) ? prefix : "";
  }

  /** A key that goes through a wrapper, at its start or further on. */
  public static Optional<String> wrapped(Set<String> keys) {
    return keys.stream().filter(key -> ANYWHERE.matcher(key).matches()).findFirst();
  }
}
