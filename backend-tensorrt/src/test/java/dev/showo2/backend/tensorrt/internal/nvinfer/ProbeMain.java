package dev.showo2.backend.tensorrt.internal.nvinfer;

import dev.showo2.spi.Availability;
import java.util.List;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.tensorrt.nvinfer.Dims64;

/** The program of a process that looks for TensorRT twice. */
final class ProbeMain {

  private ProbeMain() {}

  /** Prints both answers and the version; with an argument also how dimensions are stored. */
  public static void main(String[] arguments) {
    NvinferPlatform platform = new NvinferPlatform();
    for (int i = 0; i < 2; i++) {
      System.out.println(
          platform.probe() instanceof Availability.Unusable unusable
              ? "unusable: " + unusable.reason()
              : "usable");
    }
    System.out.println("version " + platform.version());
    if (arguments.length > 0) {
      // Loads the library, which has to be there.
      Dims64 dims = JavacppBuilder.dims(new long[] {5, 6});
      LongPointer stored = new LongPointer(NativeMemory.at(dims.address()));
      System.out.println(
          "dimensions "
              + List.of((int) stored.get(0), stored.get(1), stored.get(2))
              + " in "
              + dims.sizeof()
              + " bytes");
    }
  }
}
