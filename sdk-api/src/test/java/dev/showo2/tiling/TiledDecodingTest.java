package dev.showo2.tiling;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.BackendException;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.spi.Backend;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeVae;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiles of up to 6x6 latents that share at least two. */
class TiledDecodingTest {

  private static final Tiling TILES = Tiling.ALWAYS.withTiles(48, 16);

  private final FakeBackend backend = new FakeBackend().with(vae -> vae);
  private final Backend tiled = TILES.wrap(backend);

  @ParameterizedTest
  @CsvSource({"1, 7, 7", "1, 6, 7", "1, 30, 5", "2, 11, 23", "1, 20, 20"})
  void tilesGiveWhatTheWholeGives(int batch, int height, int width) {
    HostTensor latents = random(batch, 16, 1, height, width);
    HostTensor pixels = decode(tiled, latents);
    HostTensor expected = FakeVae.pixels(latents, 1);
    assertEquals(expected.shape(), pixels.shape());
    assertArrayEquals(expected.values(), pixels.values(), 1e-5f);
    assertEquals(0, backend.log().stillOpen());
  }

  @ParameterizedTest
  @CsvSource({"1, 56, 56", "2, 88, 40", "1, 48, 128"})
  void imagesAreEncodedAsTheWhole(int batch, int height, int width) {
    HostTensor pixels = random(batch, 3, 1, height, width);
    try (Tensor input = tiled.upload(pixels);
        LatentDistribution latents = tiled.vaeEncoder().encodeImage(input)) {
      assertClose(FakeVae.latents(pixels, 1), latents.mean().toHost());
      assertClose(FakeVae.latents(pixels, -1), latents.logVariance().toHost());
    }
    assertEquals(0, backend.log().stillOpen());
  }

  private static void assertClose(HostTensor expected, HostTensor actual) {
    assertEquals(expected.shape(), actual.shape());
    assertArrayEquals(expected.values(), actual.values(), 1e-5f);
  }

  @Test
  void tilesOfOneSizeRunOneAfterTheOther() {
    decode(tiled, random(1, 16, 1, 10, 6));
    assertEquals(
        List.of(
            "upload [1, 16, 1, 10, 6]",
            "read [1, 16, 1, 10, 6]",
            "upload [1, 16, 1, 6, 6]",
            "decode [1, 16, 1, 6, 6]",
            "read [1, 3, 1, 48, 48]",
            "upload [1, 16, 1, 6, 6]",
            "decode [1, 16, 1, 6, 6]",
            "read [1, 3, 1, 48, 48]"),
        backend.log().calls());
    // The latents, and a tile's latents and pixels.
    assertEquals(3, backend.log().mostOpen());
  }

  @Test
  void whatFitsInOneTileIsLeftAlone() {
    HostTensor latents = random(2, 16, 1, 6, 6);
    assertEquals(FakeVae.pixels(latents, 1), decode(tiled, latents));
    assertEquals(List.of("decode [2, 16, 1, 6, 6]"), backend.log().calls("decode"));
  }

  @Test
  void pixelsDecodedInTilesCanBeEncoded() {
    HostTensor latents = random(1, 16, 1, 8, 8);
    try (Tensor input = tiled.upload(latents);
        Tensor pixels = tiled.vaeDecoder().decodeImage(input);
        LatentDistribution again = tiled.vaeEncoder().encodeImage(pixels)) {
      assertClose(FakeVae.latents(FakeVae.pixels(latents, 1), 1), again.mean().toHost());
    }
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void pixelsAreReadLikeThoseOfABackend() {
    HostTensor latents = random(1, 16, 1, 8, 8);
    try (Tensor input = tiled.upload(latents)) {
      Tensor pixels = tiled.vaeDecoder().decodeImage(input);
      FloatBuffer values = FloatBuffer.allocate((int) pixels.shape().elementCount());
      pixels.read(values);
      assertEquals(0, values.remaining());
      assertArrayEquals(pixels.toHost().values(), values.array());
      assertFails(
          IllegalArgumentException.class,
          () -> pixels.read(FloatBuffer.allocate(5)),
          "[1, 3, 1, 64, 64] has 12288 values, the destination takes 5");
      pixels.close();
      pixels.close();
      assertFails(IllegalStateException.class, pixels::toHost, "[1, 3, 1, 64, 64] is closed");
    }
  }

  @Test
  void whatCannotBeCutIsForTheBackendToRefuse() {
    try (Tensor flat = tiled.upload(random(1, 3, 99));
        Tensor odd = tiled.upload(random(1, 3, 1, 100, 104))) {
      assertThrows(IndexOutOfBoundsException.class, () -> tiled.vaeDecoder().decodeImage(flat));
      assertEquals(1, backend.log().count("decode [1, 3, 99]"));
      tiled.vaeEncoder().encodeImage(odd).close();
      assertEquals(List.of("encode [1, 3, 1, 100, 104]"), backend.log().calls("encode"));
    }
  }

  @Test
  void aBackendThatGivesAnotherSizeIsToldSo() {
    Backend broken = TILES.wrap(new FakeBackend().with(FakeVae::losingRows));
    try (Tensor input = broken.upload(random(1, 16, 1, 8, 8))) {
      assertFails(
          BackendException.class,
          () -> broken.vaeDecoder().decodeImage(input),
          "the VAE gave [1, 3, 1, 32, 40] for a tile that should give [1, 3, 1, 40, 40]");
    }
  }

  @Test
  void everythingIsClosedWhicheverCallFails() {
    HostTensor latents = random(1, 16, 1, 9, 9);
    decode(tiled, latents);
    int calls = backend.log().calls().size();
    assertEquals(2 + 3 * 4, calls);
    for (int i = 0; i < calls; i++) {
      FakeBackend failing = new FakeBackend().with(vae -> vae);
      failing.log().failAt(i);
      assertFails(
          BackendException.class, () -> decode(TILES.wrap(failing), latents), "told to fail");
      assertEquals(0, failing.log().stillOpen(), "call " + i);
    }
  }

  @Test
  void everythingIsClosedWhicheverCallOfTheEncoderFails() {
    HostTensor pixels = random(1, 3, 1, 72, 40);
    for (int i = 0; i < 2 + 4 * 2 + 2; i++) {
      FakeBackend failing = new FakeBackend().with(vae -> vae);
      Backend encoding = TILES.wrap(failing);
      failing.log().failAt(i);
      assertFails(
          BackendException.class,
          () -> {
            try (Tensor input = encoding.upload(pixels)) {
              encoding.vaeEncoder().encodeImage(input).close();
            }
          },
          "told to fail");
      assertEquals(0, failing.log().stillOpen(), "call " + i);
    }
  }

  private static HostTensor decode(Backend backend, HostTensor latents) {
    try (Tensor input = backend.upload(latents);
        Tensor pixels = backend.vaeDecoder().decodeImage(input)) {
      return pixels.toHost();
    }
  }

  private static HostTensor random(long... sizes) {
    Shape shape = Shape.of(sizes);
    return new HostTensor(shape, new TorchRandom(1).normals((int) shape.elementCount()));
  }
}
