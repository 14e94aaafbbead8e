package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.spi.Backend;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import dev.showo2.tiling.Tiling;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Measures the effect of tiles on the demo VAE, in steps of 8-bit colors. */
@ExtendWith(ExportedModels.class)
class TilingSeamTest {

  /** What is allowed on average. */
  private static final double TWO_STEPS = 2;

  @ParameterizedTest
  @CsvSource({"64, 48, 16", "256, 48, 16", "256, 96, 32", "256, 128, 32", "640, 576, 128"})
  void imagesAreTheSameInTiles(
      int side, int tile, int overlap, Models models, TestReporter reporter) {
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      Backend tiled = Tiling.ALWAYS.withTiles(tile, overlap).wrap(open.backend());
      HostTensor pixels = ShapesImage.pixels(1, side, side, 0);
      HostTensor latents = encode(open.backend(), pixels);
      HostTensor latentsInTiles = encode(tiled, pixels);
      HostTensor whole = decode(open.backend(), latents);
      double decoded = Steps.meanDifference(whole, decode(tiled, latents));
      double encoded = Steps.meanDifference(whole, decode(open.backend(), latentsInTiles));
      String what = side + " pixels in tiles of " + tile + " with overlap " + overlap;
      reporter.publishEntry(what, "decoded: " + decoded + ", encoded: " + encoded);
      assertTrue(decoded > 0 && decoded < TWO_STEPS, what + " decoded: " + decoded);
      assertTrue(encoded > 0 && encoded < TWO_STEPS, what + " encoded: " + encoded);
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void noSeamIsLeft(long seed, Models models, TestReporter reporter) {
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      HostTensor latents = encode(open.backend(), ShapesImage.pixels(seed, 128, 256, 0));
      HostTensor whole = decode(open.backend(), latents);
      Backend tiled = Tiling.ALWAYS.withTiles(128, 32).wrap(open.backend());
      double[] ofWhole = Steps.alongColumns(whole);
      double[] ofTiled = Steps.alongColumns(decode(tiled, latents));
      double[] ofAbutting = Steps.alongColumns(abutting(open.backend(), latents));
      // Three tiles of 112 pixels, which share 72 to 112 and 144 to 184.
      double inWhole = 0;
      double inTiled = 0;
      for (int shared : new int[] {72, 144}) {
        for (int x = shared; x < shared + 40; x++) {
          inWhole += ofWhole[x] / 80;
          inTiled += ofTiled[x] / 80;
        }
      }
      double most = mostAbove(ofWhole, ofTiled);
      double mostAbutting = mostAbove(ofWhole, ofAbutting);
      reporter.publishEntry(
          "image " + seed,
          "steps where tiles overlap: "
              + inTiled
              + " in tiles, "
              + inWhole
              + " in one piece; "
              + most
              + " above it at most, "
              + mostAbutting
              + " without overlap");
      assertEquals(inWhole, inTiled, 0.03 * inWhole);
      assertTrue(most < 0.5, "a step of " + most);
      assertTrue(mostAbutting > 3 * most, "a seam of " + mostAbutting + " beside " + most);
    }
  }

  /** Two tiles that share nothing, as they should not be. */
  private static HostTensor abutting(Backend backend, HostTensor latents) {
    HostTensor joined = HostTensor.zeros(Shape.of(1, 3, 1, 128, 256));
    for (int half = 0; half < 2; half++) {
      HostTensor part = HostTensor.zeros(Shape.of(1, 16, 1, 16, 16));
      for (int line = 0; line < 16 * 16; line++) {
        System.arraycopy(latents.values(), line * 32 + half * 16, part.values(), line * 16, 16);
      }
      HostTensor pixels = decode(backend, part);
      for (int line = 0; line < 3 * 128; line++) {
        System.arraycopy(
            pixels.values(), line * 128, joined.values(), line * 256 + half * 128, 128);
      }
    }
    return joined;
  }

  private static double mostAbove(double[] expected, double[] found) {
    double most = 0;
    for (int x = 0; x < expected.length; x++) {
      most = Math.max(most, found[x] - expected[x]);
    }
    return most;
  }

  @Test
  void videosAreTheSameInTiles(Models models, TestReporter reporter) {
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      List<HostTensor> latents = encodeVideo(open.backend());
      List<HostTensor> whole = decodeVideo(open.backend(), latents);
      Tiling tiling = Tiling.ALWAYS.withTiles(96, 32);
      List<HostTensor> tiled = decodeVideo(tiling.wrap(open.backend()), latents);
      for (int i = 0; i < latents.size(); i++) {
        assertEquals(i == 0 ? 1 : 4, tiled.get(i).shape().dimension(2));
        double difference = Steps.meanDifference(whole.get(i), tiled.get(i));
        reporter.publishEntry("latent frame " + i, "" + difference);
        assertTrue(difference > 0 && difference < TWO_STEPS, "frame " + i + ": " + difference);
      }
    }
  }

  private static HostTensor encode(Backend backend, HostTensor pixels) {
    try (Tensor input = backend.upload(pixels);
        LatentDistribution latents = backend.vaeEncoder().encodeImage(input)) {
      return latents.mean().toHost();
    }
  }

  private static HostTensor decode(Backend backend, HostTensor latents) {
    try (Tensor input = backend.upload(latents);
        Tensor pixels = backend.vaeDecoder().decodeImage(input)) {
      return pixels.toHost();
    }
  }

  /** Shapes that move to the right by two pixels a frame. */
  private static List<HostTensor> encodeVideo(Backend backend) {
    List<HostTensor> latents = new ArrayList<>();
    try (VaeEncoderStream stream =
        backend.vaeEncoder().openStream(VaeStreamRequest.unspecified())) {
      for (int chunk = 0; chunk < 3; chunk++) {
        int frames = chunk == 0 ? 1 : 4;
        HostTensor pixels = HostTensor.zeros(Shape.of(1, 3, frames, 96, 160));
        for (int i = 0; i < frames; i++) {
          int index = chunk == 0 ? 0 : 4 * chunk - 3 + i;
          HostTensor frame = ShapesImage.pixels(1, 96, 160, 2 * index);
          for (int channel = 0; channel < 3; channel++) {
            int size = 96 * 160;
            System.arraycopy(
                frame.values(),
                channel * size,
                pixels.values(),
                (channel * frames + i) * size,
                size);
          }
        }
        try (Tensor input = backend.upload(pixels);
            LatentDistribution next = stream.encode(input)) {
          latents.add(next.mean().toHost());
        }
      }
    }
    return latents;
  }

  private static List<HostTensor> decodeVideo(Backend backend, List<HostTensor> latents) {
    List<HostTensor> frames = new ArrayList<>();
    try (VaeDecoderStream stream =
        backend.vaeDecoder().openStream(VaeStreamRequest.unspecified())) {
      for (HostTensor frame : latents) {
        try (Tensor input = backend.upload(frame);
            Tensor pixels = stream.decode(input)) {
          frames.add(pixels.toHost());
        }
      }
    }
    return frames;
  }
}
