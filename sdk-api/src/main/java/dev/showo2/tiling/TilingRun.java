package dev.showo2.tiling;

import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.spi.Backend;
import dev.showo2.spi.support.HostBackedTensor;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One image or video that a network processes: in one piece for as long as that is wanted and
 * memory lasts, in tiles from then on.
 *
 * <p>A video that runs out of memory goes back to its beginning: each tile runs through all frames
 * so far for the sake of its stream state, and only what is due is handed over.
 */
final class TilingRun implements AutoCloseable {

  private static final Logger LOGGER = System.getLogger(TilingRun.class.getName());

  private final Backend backend;
  private final Tiling tiling;
  private final VaeScale scale;
  private final Function<TileGrid, VaePass> tileOpener;
  private final Function<HostTensor, Tensor> toTensor;
  private final boolean goesOn;
  private final List<HostTensor> earlier = new ArrayList<>();
  private VaePass whole;
  private TileNetworks tiles;

  /**
   * @param opener gives the network at the beginning of an image or video in one piece
   * @param tileOpener gives that of one tile of it
   * @param toTensor gives outputs that were blended the form of those that were not
   * @param goesOn whether there may be more than one input
   */
  TilingRun(
      Backend backend,
      Tiling tiling,
      VaeScale scale,
      Supplier<VaePass> opener,
      Function<TileGrid, VaePass> tileOpener,
      Function<HostTensor, Tensor> toTensor,
      boolean goesOn) {
    this.backend = backend;
    this.tiling = tiling;
    this.scale = scale;
    this.tileOpener = tileOpener;
    this.toTensor = toTensor;
    this.goesOn = goesOn;
    this.whole = opener.get();
  }

  /**
   * Runs the next input, or the only one; the last one if its tiles fail.
   *
   * @param input [B, C, F, H, W]
   * @return the network's outputs; the caller closes them
   */
  List<Tensor> next(Tensor input) {
    if (input instanceof HostBackedTensor own && own.isDetached()) {
      // Pixels that were decoded here and are now to be encoded: the network knows its own only.
      try (Tensor uploaded = backend.upload(input.toHost())) {
        return next(uploaded);
      }
    }
    if (tiles != null) {
      return runTiles(input.toHost());
    }
    if (whole == null) {
      throw new IllegalStateException("the stream is closed, or has failed before");
    }
    if (!divides(input.shape())) {
      return whole.run(input);
    }
    TileGrid grid = TileGrid.of(input.shape(), scale, tiling);
    if (tiling.use() == Tiling.Use.ALWAYS && grid.perEntry() > 1) {
      startTiles(grid);
      return runTiles(input.toHost());
    }
    try {
      List<HostTensor> kept = goesOn ? List.of(input.toHost()) : List.of();
      List<Tensor> outputs = whole.run(input);
      earlier.addAll(kept);
      return outputs;
    } catch (InsufficientMemoryException e) {
      if (grid.count() == 1) {
        throw e;
      }
      return fallBack(input, grid, e);
    }
  }

  /** Whether tiles can be cut; if not, the network itself says what it thinks of the input. */
  private boolean divides(Shape input) {
    return input.rank() == 5
        && input.dimension(3) % scale.input == 0
        && input.dimension(4) % scale.input == 0;
  }

  private List<Tensor> fallBack(
      Tensor input, TileGrid grid, InsufficientMemoryException outOfMemory) {
    LOGGER.log(
        Level.INFO,
        () ->
            "too little memory for the VAE on "
                + input.shape()
                + " in one piece; it runs on "
                + grid.count()
                + " tiles instead");
    try {
      startTiles(grid);
      return runTiles(input.toHost());
    } catch (InsufficientMemoryException e) {
      e.addSuppressed(outOfMemory);
      throw new InsufficientMemoryException(
          "not even tiles of "
              + tiling.tile()
              + " pixels fit into memory; set smaller ones with Tiling.withTiles, or free memory: "
              + e.getMessage(),
          e);
    }
  }

  private void startTiles(TileGrid grid) {
    closeWhole();
    tiles = new TileNetworks(backend, grid, () -> tileOpener.apply(grid));
  }

  private List<Tensor> runTiles(HostTensor input) {
    try {
      for (HostTensor chunk : earlier) {
        tiles.skip(chunk);
      }
      earlier.clear();
      return toTensors(tiles.run(input));
    } catch (RuntimeException | Error e) {
      // Some tiles are ahead of the others.
      TileNetworks failed = tiles;
      tiles = null;
      try (failed) {
        throw e;
      }
    }
  }

  private List<Tensor> toTensors(List<HostTensor> blended) {
    List<Tensor> tensors = new ArrayList<>();
    try {
      blended.forEach(output -> tensors.add(toTensor.apply(output)));
      return tensors;
    } catch (RuntimeException | Error e) {
      tensors.forEach(Tensor::close);
      throw e;
    }
  }

  private void closeWhole() {
    VaePass closing = whole;
    whole = null;
    if (closing != null) {
      closing.close();
    }
  }

  @Override
  public void close() {
    TileNetworks closing = tiles;
    tiles = null;
    earlier.clear();
    try (closing) {
      closeWhole();
    }
  }
}
