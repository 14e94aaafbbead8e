package dev.showo2.media.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** PNG files, changed, with the checksums of their chunks put right. */
class PngFuzzTest {

  @Timeout(10)
  @MethodSource("seeds")
  @FuzzTest
  void filesAreReadOrRefused(byte[] file) throws Exception {
    byte[] right = file.clone();
    sums(right);
    FuzzedImage.readOrRefuse(right);
  }

  static Stream<Named<byte[]>> seeds() {
    return FuzzedImage.seeds("pillow_orientation.json", ImageFormat.PNG);
  }

  /** Otherwise hardly any change would get further than to them. */
  private static void sums(byte[] file) {
    ByteBuffer chunks = ByteBuffer.wrap(file);
    int at = 8;
    while (file.length - at >= 12 && chunks.getInt(at) >= 0) {
      int length = chunks.getInt(at);
      if (length > file.length - at - 12) {
        return;
      }
      CRC32 sum = new CRC32();
      sum.update(file, at + 4, length + 4);
      chunks.putInt(at + 8 + length, (int) sum.getValue());
      at += 12 + length;
    }
  }
}
