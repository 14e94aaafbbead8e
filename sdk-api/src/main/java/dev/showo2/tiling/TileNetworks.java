package dev.showo2.tiling;

import dev.showo2.spi.Backend;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/**
 * A network for each tile, so that each has a stream state of its own. Tiles run one after the
 * other, and the tensors of one are closed before the next.
 */
final class TileNetworks implements AutoCloseable {

  private final Backend backend;
  private final TileGrid grid;
  private final Supplier<VaePass> opener;
  private final List<VaePass> networks = new ArrayList<>();

  TileNetworks(Backend backend, TileGrid grid, Supplier<VaePass> opener) {
    this.backend = backend;
    this.grid = grid;
    this.opener = opener;
  }

  /**
   * Runs all tiles of an input and blends what they give.
   *
   * @throws IllegalArgumentException if the input is not of the size that the grid was made for
   */
  List<HostTensor> run(HostTensor input) {
    List<TileBlender> blends = new ArrayList<>();
    for (int tile = 0; tile < grid.count(); tile++) {
      List<Tensor> outputs = runTile(tile, input);
      try {
        for (int i = 0; i < outputs.size(); i++) {
          if (tile == 0) {
            blends.add(new TileBlender(grid, outputs.get(i).shape()));
          }
          blends.get(i).add(tile, outputs.get(i));
        }
      } finally {
        outputs.forEach(Tensor::close);
      }
    }
    return blends.stream().map(TileBlender::sum).toList();
  }

  /** Runs all tiles for the sake of their stream states. */
  void skip(HostTensor input) {
    for (int tile = 0; tile < grid.count(); tile++) {
      runTile(tile, input).forEach(Tensor::close);
    }
  }

  private List<Tensor> runTile(int tile, HostTensor input) {
    if (!grid.fits(input.shape())) {
      throw new IllegalArgumentException(
          "all frames of a video have one size, found " + input.shape() + " after others");
    }
    if (networks.size() == tile) {
      networks.add(opener.get());
    }
    try (Tensor uploaded = backend.upload(grid.cut(input, tile))) {
      return networks.get(tile).run(uploaded);
    }
  }

  @Override
  public void close() {
    List<VaePass> reversed = new ArrayList<>(networks);
    Collections.reverse(reversed);
    networks.clear();
    RuntimeException failure = null;
    for (VaePass network : reversed) {
      try {
        network.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
