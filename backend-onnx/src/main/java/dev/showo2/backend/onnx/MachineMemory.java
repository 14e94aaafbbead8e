package dev.showo2.backend.onnx;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/** How much memory there is, as the JVM sees it: that of its container, where it has a limit. */
final class MachineMemory {

  private MachineMemory() {}

  /** Bytes of memory and swap; unknown to runtimes without the JDK's management module. */
  static OptionalLong total() {
    try {
      return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
          ? OptionalLong.of(system.getTotalMemorySize() + system.getTotalSwapSpaceSize())
          : OptionalLong.empty();
    } catch (LinkageError e) {
      return OptionalLong.empty();
    }
  }
}
