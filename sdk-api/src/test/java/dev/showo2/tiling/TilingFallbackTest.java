package dev.showo2.tiling;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.BackendException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.spi.Backend;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeVae;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Images of 8x8 latents with memory for 40, that is a tile of 5x5 or 6x6. */
@ExtendWith(TilingLog.class)
class TilingFallbackTest {

  private static final Tiling TILES = Tiling.AUTOMATIC.withTiles(48, 16);
  private static final HostTensor LATENTS = random(1, 16, 1, 8, 8);

  @Test
  void whileMemoryLastsThereAreNoTiles() {
    FakeBackend backend = new FakeBackend().with(vae -> vae.memoryFor(64));
    assertEquals(FakeVae.pixels(LATENTS, 1), decode(TILES, backend, LATENTS));
    assertEquals(List.of("decode [1, 16, 1, 8, 8]"), backend.log().calls("decode"));
  }

  @Test
  void onceImagesAreTooLargeThereAreTiles() {
    FakeBackend backend = shortOfMemory();
    HostTensor pixels = decode(TILES, backend, LATENTS);
    assertArrayEquals(FakeVae.pixels(LATENTS, 1).values(), pixels.values(), 1e-5f);
    String tile = "decode [1, 16, 1, 5, 5]";
    assertEquals(
        List.of("decode [1, 16, 1, 8, 8]", tile, tile, tile, tile), backend.log().calls("decode"));
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void theLogTellsOfTiles(TilingLog log) {
    decode(TILES, shortOfMemory(), LATENTS);
    assertEquals(
        List.of(
            "too little memory for the VAE on [1, 16, 1, 8, 8] in one piece; it runs on 4"
                + " tiles instead"),
        log.messages());
  }

  @Test
  void eachRequestTriesAnew() {
    FakeBackend backend = shortOfMemory();
    decode(TILES, backend, LATENTS);
    decode(TILES, backend, LATENTS);
    assertEquals(2, backend.log().count("decode [1, 16, 1, 8, 8]"));
  }

  @Test
  void imagesAreEncodedInTilesToo() {
    FakeBackend backend = shortOfMemory();
    Backend tiled = TILES.wrap(backend);
    HostTensor pixels = random(1, 3, 1, 64, 64);
    try (Tensor input = tiled.upload(pixels);
        LatentDistribution latents = tiled.vaeEncoder().encodeImage(input)) {
      HostTensor mean = latents.mean().toHost();
      assertArrayEquals(FakeVae.latents(pixels, 1).values(), mean.values(), 1e-5f);
    }
    assertEquals(1, backend.log().count("encode [1, 3, 1, 64, 64]"));
    assertEquals(4, backend.log().count("encode [1, 3, 1, 40, 40]"));
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void batchesThatAreTooLargeAreTakenApart() {
    FakeBackend backend = shortOfMemory();
    HostTensor two = random(2, 16, 1, 6, 6);
    assertEquals(FakeVae.pixels(two, 1), decode(TILES, backend, two));
    assertEquals(
        List.of("decode [2, 16, 1, 6, 6]", "decode [1, 16, 1, 6, 6]", "decode [1, 16, 1, 6, 6]"),
        backend.log().calls("decode"));
  }

  @Test
  void aImageOfOneTileHasNoWayOut() {
    FakeBackend backend = new FakeBackend().with(vae -> vae.memoryFor(20));
    assertFails(
        InsufficientMemoryException.class,
        () -> decode(TILES, backend, random(1, 16, 1, 6, 6)),
        "no memory for 36 latents");
    assertEquals(1, backend.log().count("decode"));
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void tilesThatAreTooLargeStillSayWhatWouldHelp() {
    FakeBackend backend = new FakeBackend().with(vae -> vae.memoryFor(20));
    InsufficientMemoryException failure =
        assertThrows(InsufficientMemoryException.class, () -> decode(TILES, backend, LATENTS));
    assertEquals(
        "not even tiles of 48 pixels fit into memory; set smaller ones with Tiling.withTiles, or"
            + " free memory: no memory for 25 latents",
        failure.getMessage());
    assertEquals("no memory for 64 latents", failure.getCause().getSuppressed()[0].getMessage());
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void otherFailuresAreNoReasonForTiles() {
    FakeBackend backend = new FakeBackend().with(vae -> vae);
    backend.log().failAt(1);
    assertFails(
        BackendException.class,
        () -> decode(TILES, backend, LATENTS),
        "told to fail at decode [1, 16, 1, 8, 8]");
    assertEquals(1, backend.log().count("decode"));
  }

  @Test
  void withoutTilesTooLittleMemoryIsAnError() {
    FakeBackend backend = shortOfMemory();
    assertFails(
        InsufficientMemoryException.class,
        () -> decode(Tiling.NEVER, backend, LATENTS),
        "no memory for 64 latents");
  }

  @Test
  void everythingIsClosedWhicheverCallFails() {
    FakeBackend whole = shortOfMemory();
    decode(TILES, whole, LATENTS);
    int calls = whole.log().calls().size();
    assertEquals(3 + 3 * 4, calls);
    for (int i = 0; i < calls; i++) {
      FakeBackend failing = shortOfMemory();
      failing.log().failAt(i);
      assertFails(BackendException.class, () -> decode(TILES, failing, LATENTS), "told to fail");
      assertEquals(0, failing.log().stillOpen(), "call " + i);
    }
  }

  private static FakeBackend shortOfMemory() {
    return new FakeBackend().with(vae -> vae.memoryFor(40));
  }

  private static HostTensor decode(Tiling tiling, FakeBackend fake, HostTensor latents) {
    Backend backend = tiling.wrap(fake);
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
