package dev.showo2.spi.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * The kinds of processors that precisions are differently fast on, each with the instructions of
 * those before it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum ProcessorKind {
  /** Any other processor, and every one outside of Linux, where nothing says what it has. */
  UNKNOWN(Set.of()),
  /** x86 with vectors of 256 bits. */
  AVX2(Set.of("avx2")),
  /** x86 with vectors of 512 bits. */
  AVX512(Set.of("avx512f")),
  /** With products of 8-bit integers in such vectors. */
  AVX512_VNNI(Set.of("avx512f", "avx512_vnni")),
  /** With products of tiles of 8-bit integers and bfloat16. */
  AMX(Set.of("amx_int8", "amx_bf16"));

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private final Set<String> flags;

  ProcessorKind(Set<String> flags) {
    this.flags = flags;
  }

  /** {@return the name in tables and messages, such as {@code avx512_vnni}} */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@return the kind of the first processor of this machine} */
  public static ProcessorKind here() {
    return of(PROCESSORS);
  }

  /**
   * @param processors Linux's list of them
   */
  static ProcessorKind of(Path processors) {
    Set<String> found = flags(processors);
    ProcessorKind kind = UNKNOWN;
    for (ProcessorKind other : values()) {
      if (found.containsAll(other.flags)) {
        kind = other;
      }
    }
    return kind;
  }

  private static Set<String> flags(Path processors) {
    try (Stream<String> lines = Files.lines(processors)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .limit(1)
          .flatMap(line -> Stream.of(line.split("\\s+")))
          .collect(Collectors.toSet());
    } catch (IOException | RuntimeException e) {
      return Set.of();
    }
  }
}
