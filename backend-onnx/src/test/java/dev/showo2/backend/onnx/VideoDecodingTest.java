package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.error.CancelledException;
import dev.showo2.media.video.FrameSink;
import dev.showo2.model.Architecture;
import dev.showo2.pipeline.TextToVideo;
import dev.showo2.pipeline.TextToVideoRequest;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Tensor;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/** Decoding keeps the frames that convolutions look back at, however long the video is. */
@ExtendWith(ExportedModels.class)
class VideoDecodingTest {

  @Test
  void longVideosKeepNoMoreValuesOpenThanShortOnes(Models models, TestReporter reporter) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"))) {
      List<Long> ofShort = openValuesByFrame(open, 5);
      List<Long> ofLong = openValuesByFrame(open, 21);
      assertEquals(17, ofShort.size());
      assertEquals(81, ofLong.size());
      assertEquals(ofShort, ofLong.subList(0, 17));
      long plateau = ofShort.get(16);
      reporter.publishEntry(
          "values open after each frame",
          "17 frames: " + plateau + ", 81 frames: " + ofLong.get(80));
      assertTrue(plateau > 0, "the stream has no state");
      assertEquals(List.of(plateau), ofLong.subList(1, 81).stream().distinct().toList());
    }
  }

  @Test
  void longVideosTakeNoMoreBuffersThanShortOnes(Models models, TestReporter reporter) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"))) {
      List<Long> buffers = new ArrayList<>();
      List<Long> bytes = new ArrayList<>();
      generate(
          open,
          21,
          (index, frame) -> {
            buffers.add(directBuffers().getCount());
            bytes.add(directBuffers().getMemoryUsed());
          });
      reporter.publishEntry(
          "direct memory",
          "after 17 frames: " + bytes.get(16) + " bytes, after 81: " + bytes.get(80) + " bytes");
      long ofShort = buffers.get(16);
      long most = buffers.subList(17, 81).stream().mapToLong(count -> count).max().orElseThrow();
      assertTrue(most <= ofShort, most + " buffers after the " + ofShort + " of 17 frames");
    }
  }

  @Test
  void aSinkThatEndsTheVideoLeavesNothingOpen(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"))) {
      FrameSink impatient =
          (index, frame) -> {
            if (index == 6) {
              throw new CancelledException("enough");
            }
          };
      assertThrows(CancelledException.class, () -> generate(open, 4, impatient));
      assertEquals(0, open.backend().openValues());
    }
  }

  @Test
  void aStreamClosedHalfwayLeavesNothingOpen(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"))) {
      VaeDecoderStream stream =
          open.backend().vaeDecoder().openStream(VaeStreamRequest.unspecified());
      for (int frame = 0; frame < 2; frame++) {
        decodeNext(open, stream, frame);
      }
      assertTrue(open.backend().openValues() > 0, "the stream has no state");
      stream.close();
      assertEquals(0, open.backend().openValues());
      stream.close();
      assertEquals(0, open.backend().openValues());
      assertThrows(IllegalStateException.class, () -> decodeNext(open, stream, 2));
    }
  }

  @Test
  void aStreamThatNeverDecodedLeavesNothingOpen(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"))) {
      open.backend().vaeDecoder().openStream(VaeStreamRequest.unspecified()).close();
      assertEquals(0, open.backend().openValues());
    }
  }

  private static void decodeNext(OpenBackend open, VaeDecoderStream stream, int frame) {
    Architecture architecture = open.bundle().architecture();
    long rows = (long) architecture.videoGrid().rows() * architecture.patchSize();
    long columns = (long) architecture.videoGrid().columns() * architecture.patchSize();
    try (Tensor latent = open.uploadRandom(frame, 1, 16, 1, rows, columns);
        Tensor pixels = stream.decode(latent)) {
      assertEquals(frame == 0 ? 1 : 4, pixels.shape().dimension(2));
    }
  }

  /** What the JVM has allocated outside its heap; the garbage collector may make it fewer. */
  private static BufferPoolMXBean directBuffers() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .findFirst()
        .orElseThrow();
  }

  private static List<Long> openValuesByFrame(OpenBackend open, int latentFrames) {
    List<Long> values = new ArrayList<>();
    generate(open, latentFrames, (index, frame) -> values.add(open.backend().openValues()));
    assertEquals(0, open.backend().openValues());
    return values;
  }

  /** One step without guidance leads to latents that are as good as random. */
  private static void generate(OpenBackend open, int latentFrames, FrameSink sink) {
    new TextToVideo(open.model())
        .generate(
            TextToVideoRequest.builder("")
                .seed(1)
                .steps(2)
                .guidanceScale(0)
                .latentFrames(latentFrames)
                .build(),
            sink);
  }
}
