package dev.showo2.bench;

import dev.showo2.bench.internal.ProcFields;
import java.util.List;
import org.apiguardian.api.API;

/**
 * The machine of a run.
 *
 * @param processor name of the processor; empty where the system does not say
 * @param flags of the processor that products profit from
 * @param cores that the JVM may use
 * @param memory bytes; 0 where the system does not say
 * @param java version of the JVM
 * @param system operating system and architecture
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MeasuredMachine(
    String processor, List<String> flags, int cores, long memory, String java, String system) {

  private static final List<String> FLAGS =
      List.of(
          "avx2",
          "fma",
          "avx_vnni",
          "avx512f",
          "avx512_vnni",
          "avx512_bf16",
          "avx512_fp16",
          "amx_bf16",
          "amx_int8",
          "asimd",
          "asimddp",
          "bf16",
          "i8mm",
          "sve");

  /**
   * Copies the list.
   *
   * @param processor name
   * @param flags of the processor
   * @param cores that the JVM may use
   * @param memory bytes
   * @param java version of the JVM
   * @param system operating system and architecture
   */
  public MeasuredMachine {
    flags = List.copyOf(flags);
  }

  /** {@return the machine that this JVM runs on} */
  public static MeasuredMachine here() {
    ProcFields processor = ProcFields.read("/proc/cpuinfo");
    List<String> present =
        List.of((processor.text("flags") + " " + processor.text("Features")).split(" "));
    return new MeasuredMachine(
        processor.text("model name"),
        FLAGS.stream().filter(present::contains).toList(),
        Runtime.getRuntime().availableProcessors(),
        ProcFields.read("/proc/meminfo").bytes("MemTotal"),
        Runtime.version().toString(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"));
  }
}
