package dev.showo2.tiling;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.testing.FakeBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TilingTest {

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -8, 0, 24, 33, 100, Integer.MAX_VALUE})
  void tilesOutOfTheirRange(int tile) {
    assertFails(
        InvalidRequestException.class,
        () -> Tiling.ALWAYS.withTiles(tile, 8),
        "tile: a multiple of 8 from 32 pixels is needed, found " + tile);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -8, 0, 7, 12, 56, 96, Integer.MAX_VALUE})
  void overlapsOutOfTheirRange(int overlap) {
    assertFails(
        InvalidRequestException.class,
        () -> Tiling.ALWAYS.withTiles(96, overlap),
        "overlap: a multiple of 8 from 8 to half a tile (48 pixels) is needed, found " + overlap);
  }

  @ParameterizedTest
  @CsvSource({"32, 8", "32, 16", "96, 48", "4096, 2048"})
  void theEndsOfTheRangesAreTaken(int tile, int overlap) {
    Tiling tiling = Tiling.ALWAYS.withTiles(tile, overlap);
    assertEquals(tile, tiling.tile());
    assertEquals(overlap, tiling.overlap());
    assertEquals(Tiling.of(Tiling.Use.ALWAYS).withTiles(tile, overlap), tiling);
  }

  @Test
  void anotherSizeLeavesTheUseAsItIs() {
    for (Tiling.Use use : Tiling.Use.values()) {
      assertEquals(use, Tiling.of(use).withTiles(64, 16).use());
    }
    assertFails(NullPointerException.class, () -> Tiling.of(null), "use");
  }

  @Test
  void withoutTilesTheBackendIsTheSame() {
    FakeBackend backend = new FakeBackend();
    assertSame(backend, Tiling.NEVER.wrap(backend));
    assertFails(NullPointerException.class, () -> Tiling.NEVER.wrap(null), "backend");
  }

  @Test
  void allElseIsLeftToTheBackend() {
    FakeBackend backend = new FakeBackend().without(Stage.FUSION);
    Backend tiled = Tiling.ALWAYS.wrap(backend);
    assertEquals(backend.capabilities(), tiled.capabilities());
    assertEquals(backend.backbone(), tiled.backbone());
    assertEquals(backend.flowHead(), tiled.flowHead());
    tiled.close();
    assertTrue(backend.isClosed());
  }

  @Test
  void videosAreEncodedAsBefore() {
    FakeBackend backend = new FakeBackend().with(vae -> vae);
    assertFails(
        UnsupportedOperationException.class,
        () -> Tiling.ALWAYS.wrap(backend).vaeEncoder().openStream(VaeStreamRequest.unspecified()));
    assertEquals(1, backend.log().count("encoder stream open"));
  }
}
