package dev.showo2.export.internal.torch;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.showo2.export.UntrustedInput;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Pickles alone, at full speed. */
class UnpicklerFuzzTest {

  @Timeout(10)
  @MethodSource("seeds")
  @FuzzTest
  void picklesAreReadOrRefused(byte[] pickle) throws Exception {
    UntrustedInput.readOrRefuse(
        pickle.length, () -> Unpickler.load("fuzzed", ByteBuffer.wrap(pickle)));
  }

  static Stream<Named<byte[]>> seeds() {
    return PickleSeeds.all();
  }
}
