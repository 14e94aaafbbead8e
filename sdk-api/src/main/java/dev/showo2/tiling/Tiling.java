package dev.showo2.tiling;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.spi.support.ForwardingBackend;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * The choice whether large images and videos go through the VAE in one piece or in overlapping
 * tiles.
 *
 * <p>What the VAE needs grows with the area of an image, and its middle lets all positions attend
 * to all (SPEC 1): where an engine holds the weights of that attention, they grow with the square
 * of the area, to 2 GiB for 1024x1024 pixels and 32 GiB for 2048x2048. In tiles nothing grows but
 * the result, in the JVM's heap. Each tile of a video has a stream state of its own, and these are
 * together a little more than that of the whole: what a video saves is the rest.
 *
 * <p>Tiles overlap. At each side a quarter of the overlap is context alone, since a network errs
 * most at the edges of what it sees; the middle half is blended linearly. No seam is left, but
 * attention sees no further than its tile, so that a tiled image is not quite the untiled one: with
 * the demo model they differ by a tenth of an 8-bit step on average, and by less than one in the
 * smallest tiles that make sense.
 *
 * <p>Immutable and thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Tiling {

  private static final int SMALLEST_TILE = 32;

  /** Four tiles make 1024x1024 pixels, and compute only a quarter more than these. */
  private static final int STANDARD_TILE = 576;

  private static final int STANDARD_OVERLAP = 128;

  /** Tiles of the standard size once memory has run out: what is done unless asked otherwise. */
  public static final Tiling AUTOMATIC = standard(Use.AUTOMATIC);

  /** Tiles of the standard size for all that is larger than one. */
  public static final Tiling ALWAYS = standard(Use.ALWAYS);

  /** No tiles. */
  public static final Tiling NEVER = standard(Use.NEVER);

  /** The cases in which tiles are used. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  public enum Use {
    /** Too little memory is an error. */
    NEVER,
    /**
     * Once the engine or the JVM has refused the memory for doing it in one piece; each request
     * tries anew. A system that promises more memory than it has, as Linux does, may end the
     * process instead of refusing: where memory is scarce, in a container with a tight limit for
     * one, use {@link #ALWAYS}.
     */
    AUTOMATIC,
    /** For all images larger than a tile; what fits in one tile is untouched. */
    ALWAYS
  }

  private final Use use;
  private final int tile;
  private final int overlap;

  private Tiling(Use use, int tile, int overlap) {
    this.use = use;
    this.tile = tile;
    this.overlap = overlap;
    if (tile < SMALLEST_TILE || tile % Architecture.VAE_SPATIAL_FACTOR != 0) {
      throw new InvalidRequestException(
          "tile: a multiple of "
              + Architecture.VAE_SPATIAL_FACTOR
              + " from "
              + SMALLEST_TILE
              + " pixels is needed, found "
              + tile);
    }
    if (overlap < Architecture.VAE_SPATIAL_FACTOR
        || overlap > tile / 2
        || overlap % Architecture.VAE_SPATIAL_FACTOR != 0) {
      throw new InvalidRequestException(
          "overlap: a multiple of "
              + Architecture.VAE_SPATIAL_FACTOR
              + " from "
              + Architecture.VAE_SPATIAL_FACTOR
              + " to half a tile ("
              + tile / 2
              + " pixels) is needed, found "
              + overlap);
    }
  }

  private static Tiling standard(Use use) {
    return new Tiling(use, STANDARD_TILE, STANDARD_OVERLAP);
  }

  /**
   * Returns the tiling with tiles of the standard size.
   *
   * @param use when tiles are used
   * @return the tiling
   */
  public static Tiling of(Use use) {
    return switch (Objects.requireNonNull(use, "use")) {
      case NEVER -> NEVER;
      case AUTOMATIC -> AUTOMATIC;
      case ALWAYS -> ALWAYS;
    };
  }

  /**
   * Returns the same use of tiles with tiles of another size. Smaller tiles need less memory and
   * differ more from the untiled image; a wider overlap makes them differ less and costs time.
   *
   * @param tile longest side of a tile in pixels, a multiple of 8 from 32
   * @param overlap of neighboring tiles in pixels, a multiple of 8 from 8 to half a tile; often a
   *     little more is used, so that all tiles have one size
   * @return the tiling
   * @throws InvalidRequestException if a size is out of its range
   */
  public Tiling withTiles(int tile, int overlap) {
    return new Tiling(use, tile, overlap);
  }

  /** {@return when tiles are used} */
  public Use use() {
    return use;
  }

  /** {@return the longest side of a tile in pixels, a multiple of 8} */
  public int tile() {
    return tile;
  }

  /** {@return the least overlap of neighboring tiles in pixels, a multiple of 8} */
  public int overlap() {
    return overlap;
  }

  /**
   * Wraps a backend so that its VAE decodes images and videos and encodes images in this way; the
   * decoded pixels are located in the JVM's heap. All other methods, and the encoding of videos,
   * are forwarded.
   *
   * @param backend is closed with the one returned
   * @return the wrapped backend; with {@link Use#NEVER} the backend itself
   */
  public Backend wrap(Backend backend) {
    Objects.requireNonNull(backend, "backend");
    return use == Use.NEVER ? backend : new TilingBackend(backend, this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tiling tiling
        && use == tiling.use
        && tile == tiling.tile
        && overlap == tiling.overlap;
  }

  @Override
  public int hashCode() {
    return Objects.hash(use, tile, overlap);
  }

  @Override
  public String toString() {
    return "Tiling[use=" + use + ", tile=" + tile + ", overlap=" + overlap + "]";
  }

  /** A backend with a tiled VAE. */
  private static final class TilingBackend extends ForwardingBackend {

    private final Tiling tiling;

    TilingBackend(Backend delegate, Tiling tiling) {
      super(delegate);
      this.tiling = tiling;
    }

    @Override
    public VaeEncoder vaeEncoder() {
      return new TiledVaeEncoder(delegate, delegate.vaeEncoder(), tiling);
    }

    @Override
    public VaeDecoder vaeDecoder() {
      return new TiledVaeDecoder(delegate, delegate.vaeDecoder(), tiling);
    }
  }
}
