package dev.showo2.export.internal.torch;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.showo2.export.internal.checkpoint.FuzzedWeights;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Pickles in an intact archive, so that their tensors are read from its storage. */
class TorchPickleFuzzTest {

  @TempDir static Path folder;

  @Timeout(10)
  @MethodSource("seeds")
  @FuzzTest
  void tensorsAreReadOrRefused(byte[] pickle) throws Exception {
    byte[] storage = new byte[PickleSeeds.STORAGE_BYTES];
    byte[] file = TorchFileBuilder.ofPickle(pickle).storage("0", storage).toBytes();
    FuzzedWeights.readOrRefuse(folder.resolve("fuzzed.bin"), file);
  }

  static Stream<Named<byte[]>> seeds() {
    return PickleSeeds.all();
  }
}
