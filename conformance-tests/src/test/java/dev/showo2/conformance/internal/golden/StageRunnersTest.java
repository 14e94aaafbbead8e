package dev.showo2.conformance.internal.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.UnderTest;
import dev.showo2.conformance.Verification;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.model.Bundle;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vae, fusion and time embedding: shapes, chunks and what is compared. */
class StageRunnersTest {

  @TempDir Path directory;
  private final FakeBackend backend = new FakeBackend();
  private final List<Long> chunks = new ArrayList<>();
  private Bundle bundle;
  private GoldenFolder folder;

  @BeforeEach
  void prepare() throws IOException {
    bundle = Bundle.open(FakeBundle.write(directory));
    folder = new GoldenFolder(directory.resolve("checkpoint"));
    backend.vaeEncoder(new SummingEncoder()).vaeDecoder(new CountingDecoder());
  }

  @AfterEach
  void everythingIsClosed() {
    assertEquals(0, backend.log().stillOpen());
  }

  private static HostTensor frames(float... values) {
    return new HostTensor(Shape.of(1, 1, values.length, 1, 1), values);
  }

  private Outcome run(String stage, Map<String, HostTensor> tensors) {
    folder.add("case", stage, tensors, "{}");
    return new Verification(UnderTest.target(b -> backend), bundle)
        .run(folder.open())
        .outcomes()
        .get(0);
  }

  private static Map<String, HostTensor> named(Object... namesAndTensors) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTensors.length; i += 2) {
      tensors.put((String) namesAndTensors[i], (HostTensor) namesAndTensors[i + 1]);
    }
    return tensors;
  }

  /** The mean is the sum over a chunk, the log-variance its number in the video. */
  private final class SummingEncoder implements VaeEncoder {

    @Override
    public LatentDistribution encodeImage(Tensor pixels) {
      return encoded(pixels, -1);
    }

    @Override
    public VaeEncoderStream openStream(VaeStreamRequest request) {
      VaeEncoderStream stream =
          new VaeEncoderStream() {
            @Override
            public LatentDistribution encode(Tensor pixels) {
              return encoded(pixels, chunks.size());
            }

            @Override
            public void close() {
              backend.log().closed(this);
            }
          };
      return backend.log().opened(stream);
    }

    private LatentDistribution encoded(Tensor pixels, float logVariance) {
      chunks.add(pixels.shape().dimension(2));
      float sum = 0;
      for (float value : pixels.toHost().values()) {
        sum += value;
      }
      return new LatentDistribution(
          backend.tensor(frames(sum)), backend.tensor(frames(logVariance)));
    }
  }

  /** One frame for the first latent, four for each later one, all of the latent's value. */
  private final class CountingDecoder implements VaeDecoder {

    @Override
    public Tensor decodeImage(Tensor latents) {
      return backend.tensor(latents.toHost());
    }

    @Override
    public VaeDecoderStream openStream(VaeStreamRequest request) {
      VaeDecoderStream stream =
          new VaeDecoderStream() {
            private boolean first = true;

            @Override
            public Tensor decode(Tensor latents) {
              float[] values = new float[first ? 1 : 4];
              first = false;
              Arrays.fill(values, latents.toHost().values()[0]);
              return backend.tensor(frames(values));
            }

            @Override
            public void close() {
              backend.log().closed(this);
            }
          };
      return backend.log().opened(stream);
    }
  }

  private void assertPassed(Outcome outcome, int figures) {
    assertEquals(Status.PASSED, outcome.status(), outcome.toString());
    assertEquals(figures, outcome.figures().size());
  }

  @Test
  void anImageIsEncodedAtOnce() {
    assertPassed(
        run("vae_encode", named("pixels", frames(3), "mean", frames(3), "logvar", frames(-1))), 2);
  }

  @Test
  void aVideoIsEncodedInChunksAndTheRestIsDropped() {
    assertPassed(
        run(
            "vae_encode",
            named(
                "pixels",
                frames(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
                "mean",
                frames(1, 14, 30),
                "logvar",
                frames(0, 1, 2))),
        2);
    assertEquals(List.of(1L, 4L, 4L), chunks);
  }

  @Test
  void anImageIsDecodedAndClamped() {
    assertPassed(
        run(
            "vae_decode",
            named("latents", frames(3), "pixels_unclamped", frames(3), "pixels", frames(1))),
        2);
  }

  @Test
  void aVideoIsDecodedLatentByLatent() {
    assertPassed(
        run(
            "vae_decode",
            named(
                "latents",
                frames(0.5f, -2),
                "pixels_unclamped",
                frames(0.5f, -2, -2, -2, -2),
                "pixels",
                frames(0.5f, -1, -1, -1, -1))),
        2);
  }

  @Test
  void pixelsOfTheWrongRankFailWithAClearMessage() {
    Outcome outcome =
        run(
            "vae_encode",
            named("pixels", frames(3).reshape(1), "mean", frames(3), "logvar", frames(1)));
    assertEquals(Status.FAILED, outcome.status());
    assertTrue(outcome.reason().contains("should have 5 axes"), outcome.reason());
  }

  @Test
  void fusionSeesImagesAndVideosWithFiveAxes() {
    List<Shape> seen = new ArrayList<>();
    HostTensor fused = new HostTensor(Shape.of(1, 1, 2), new float[] {1, 2});
    backend.fusion(
        request -> {
          seen.add(request.latents().shape());
          return backend.tensor(fused);
        });
    HostTensor latents = new HostTensor(Shape.of(1, 2, 2, 2), new float[8]);
    folder.add("image", "fusion", named("latents", latents, "fused", fused), "{}");
    assertPassed(
        run("fusion", named("latents", latents.reshape(1, 1, 2, 2, 2), "fused", fused)), 1);
    assertEquals(List.of(Shape.of(1, 2, 1, 2, 2), Shape.of(1, 1, 2, 2, 2)), seen);
  }

  @Test
  void timeTokensHaveASequenceAxis() {
    HostTensor head = new HostTensor(Shape.of(2, 1), new float[] {10, 20});
    HostTensor token = new HostTensor(Shape.of(2, 3), new float[6]);
    backend.timeEmbedding(
        request ->
            new TimeFeatures(
                backend.tensor(
                    new HostTensor(
                        head.shape(),
                        new float[] {request.times()[0] * 10, request.times()[1] * 10})),
                backend.tensor(token.reshape(2, 1, 3))));
    HostTensor times = new HostTensor(Shape.of(2), new float[] {1, 2});
    assertPassed(run("time_embedding", named("t", times, "head", head, "token", token)), 2);
  }
}
