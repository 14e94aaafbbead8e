package dev.showo2.tiling;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.error.BackendException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.spi.Backend;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeVae;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Videos of four latent frames of 8x8, in tiles of 5x5. Each frame shows the sum of all so far, so
 * that a stream state that went astray would show.
 */
@ExtendWith(TilingLog.class)
class TiledVideoTest {

  private static final Tiling ALWAYS = Tiling.ALWAYS.withTiles(48, 16);
  private static final Tiling AUTOMATIC = Tiling.AUTOMATIC.withTiles(48, 16);
  private static final String WHOLE = "stream decode [1, 16, 1, 8, 8]";
  private static final String TILE = "stream decode [1, 16, 1, 5, 5]";

  @Test
  void eachTileKeepsAPastOfItsOwn() {
    FakeBackend backend = new FakeBackend().with(vae -> vae);
    assertFrames(decode(ALWAYS, backend));
    assertEquals(0, backend.log().count(WHOLE));
    assertEquals(4 * 4, backend.log().count(TILE));
    // One that was opened for the whole, before the size was known.
    assertEquals(1 + 4, backend.log().count("stream open"));
    // Four streams, the frame, and a tile's latents and pixels.
    assertEquals(7, backend.log().mostOpen());
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void whileMemoryLastsThereIsOneStream() {
    FakeBackend backend = new FakeBackend().with(vae -> vae);
    assertFrames(decode(AUTOMATIC, backend));
    assertEquals(1, backend.log().count("stream open"));
    assertEquals(4, backend.log().count(WHOLE));
    assertEquals(0, backend.log().count(TILE));
    assertEquals(0, backend.log().stillOpen());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aVideoThatRunsOutOfMemoryGoesOnInTiles(int frame) {
    FakeBackend backend = shortFrom(frame);
    assertFrames(decode(AUTOMATIC, backend));
    assertEquals(frame + 1, backend.log().count(WHOLE));
    assertEquals(4 * 4, backend.log().count(TILE));
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void theStreamOfTheWholeIsClosedBeforeTilesBegin() {
    FakeBackend backend = shortFrom(1);
    decode(AUTOMATIC, backend);
    // Four streams, the frame, and a tile's latents and pixels: no more than with tiles always.
    assertEquals(7, backend.log().mostOpen());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void everythingIsClosedWhicheverCallFails(int shortFrom) {
    FakeBackend whole = shortFrom(shortFrom);
    decode(AUTOMATIC, whole);
    int calls = whole.log().calls().size();
    for (int i = 0; i < calls; i++) {
      FakeBackend failing = shortFrom(shortFrom);
      failing.log().failAt(i);
      assertFails(BackendException.class, () -> decode(AUTOMATIC, failing), "told to fail");
      assertEquals(0, failing.log().stillOpen(), "call " + i + ": " + whole.log().calls().get(i));
    }
  }

  @Test
  void aStreamWhoseTilesFailedIsOfNoUse() {
    FakeBackend backend = new FakeBackend().with(vae -> vae);
    Backend tiled = ALWAYS.wrap(backend);
    try (VaeDecoderStream stream = tiled.vaeDecoder().openStream(VaeStreamRequest.unspecified())) {
      decode(tiled, stream, 0);
      backend.log().failAt(backend.log().calls().size() + 6);
      assertFails(BackendException.class, () -> decode(tiled, stream, 1), "told to fail");
      assertEquals(0, backend.log().stillOpen());
      assertFails(
          IllegalStateException.class,
          () -> decode(tiled, stream, 1),
          "the stream is closed, or has failed before");
    }
  }

  @Test
  void aClosedStreamSaysSo() {
    for (Tiling tiling : List.of(ALWAYS, AUTOMATIC)) {
      FakeBackend backend = new FakeBackend().with(vae -> vae);
      Backend tiled = tiling.wrap(backend);
      VaeDecoderStream stream = tiled.vaeDecoder().openStream(VaeStreamRequest.unspecified());
      decode(tiled, stream, 0);
      stream.close();
      stream.close();
      assertEquals(0, backend.log().stillOpen());
      assertFails(
          IllegalStateException.class, () -> decode(tiled, stream, 1), "the stream is closed");
    }
  }

  @Test
  void framesOfAnotherSizeAreRefused() {
    FakeBackend backend = new FakeBackend().with(vae -> vae);
    Backend tiled = ALWAYS.wrap(backend);
    try (VaeDecoderStream stream = tiled.vaeDecoder().openStream(VaeStreamRequest.unspecified());
        Tensor other = tiled.upload(random(9, 1, 16, 1, 9, 8))) {
      decode(tiled, stream, 0);
      assertFails(
          IllegalArgumentException.class,
          () -> stream.decode(other),
          "all frames of a video have one size, found [1, 16, 1, 9, 8] after others");
    }
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void tilesThatAreTooLargeEndTheVideo() {
    FakeBackend backend = new FakeBackend().with(vae -> vae.memoryFor(20).shortFrom(1));
    assertFails(
        InsufficientMemoryException.class,
        () -> decode(AUTOMATIC, backend),
        "not even tiles of 48 pixels fit into memory");
    assertEquals(0, backend.log().stillOpen());
  }

  private static FakeBackend shortFrom(int frame) {
    return new FakeBackend().with(vae -> vae.memoryFor(40).shortFrom(frame));
  }

  private static HostTensor frame(int index) {
    return random(index, 1, 16, 1, 8, 8);
  }

  private static List<HostTensor> decode(Tiling tiling, FakeBackend fake) {
    Backend backend = tiling.wrap(fake);
    List<HostTensor> frames = new ArrayList<>();
    try (VaeDecoderStream stream =
        backend.vaeDecoder().openStream(VaeStreamRequest.unspecified())) {
      for (int i = 0; i < 4; i++) {
        frames.add(decode(backend, stream, i));
      }
    }
    return frames;
  }

  private static HostTensor decode(Backend backend, VaeDecoderStream stream, int frame) {
    try (Tensor latents = backend.upload(frame(frame));
        Tensor pixels = stream.decode(latents)) {
      return pixels.toHost();
    }
  }

  private static void assertFrames(List<HostTensor> frames) {
    HostTensor sum = frame(0);
    for (int i = 0; i < 4; i++) {
      sum = i == 0 ? sum : FakeVae.plus(sum, frame(i));
      HostTensor expected = FakeVae.pixels(sum, i == 0 ? 1 : 4);
      assertEquals(expected.shape(), frames.get(i).shape());
      assertArrayEquals(expected.values(), frames.get(i).values(), 1e-5f);
    }
  }

  private static HostTensor random(long seed, long... sizes) {
    Shape shape = Shape.of(sizes);
    return new HostTensor(shape, new TorchRandom(seed).normals((int) shape.elementCount()));
  }
}
