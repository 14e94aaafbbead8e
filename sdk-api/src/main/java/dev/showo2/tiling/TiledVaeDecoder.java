package dev.showo2.tiling;

import dev.showo2.spi.Backend;
import dev.showo2.spi.support.HostBackedTensor;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A decoder that knows when to decode in tiles. Pixels are read at once, so that a heap without
 * room for them counts as too little memory for one piece.
 */
record TiledVaeDecoder(Backend backend, VaeDecoder decoder, Tiling tiling) implements VaeDecoder {

  @Override
  public Tensor decodeImage(Tensor latents) {
    VaePass image = input -> inHeap(decoder.decodeImage(input));
    try (TilingRun run = run(() -> image, grid -> image, false)) {
      return run.next(latents).get(0);
    }
  }

  @Override
  public VaeDecoderStream openStream(VaeStreamRequest request) {
    return new Stream(
        run(
            () -> new Video(decoder.openStream(request)),
            grid -> new Video(decoder.openStream(tile(request, grid))),
            true));
  }

  /** One tile of the video, as long as the whole. */
  private static VaeStreamRequest tile(VaeStreamRequest video, TileGrid grid) {
    return video.toBuilder()
        .batch(1)
        .size(
            grid.rows().size() * VaeScale.DECODING.output,
            grid.columns().size() * VaeScale.DECODING.output)
        .build();
  }

  private TilingRun run(
      Supplier<VaePass> opener, Function<TileGrid, VaePass> tileOpener, boolean goesOn) {
    return new TilingRun(
        backend, tiling, VaeScale.DECODING, opener, tileOpener, HostBackedTensor::detached, goesOn);
  }

  private static List<Tensor> inHeap(Tensor pixels) {
    try (pixels) {
      return List.of(HostBackedTensor.detached(pixels.toHost()));
    }
  }

  private record Video(VaeDecoderStream stream) implements VaePass {

    @Override
    public List<Tensor> run(Tensor latents) {
      return inHeap(stream.decode(latents));
    }

    @Override
    public void close() {
      stream.close();
    }
  }

  private record Stream(TilingRun run) implements VaeDecoderStream {

    @Override
    public Tensor decode(Tensor latents) {
      return run.next(latents).get(0);
    }

    @Override
    public void close() {
      run.close();
    }
  }
}
