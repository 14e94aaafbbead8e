package dev.showo2.conformance.golden.record;

import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.model.Architecture;
import dev.showo2.model.SpecialTokens;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.spi.Backend;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;

/**
 * The inputs of one case: bundle, backend, and inputs drawn from a seed of its own, so that a case
 * does not depend on which others are recorded.
 */
final class Scene {

  /** Not square, so that rows are not taken for columns. */
  private static final int SMALL_ROWS = 4;

  private static final int SMALL_COLUMNS = 5;

  private static final float PIXEL_DEVIATION = 0.6f;

  private final LoadedBackend subject;
  private final long seed;
  private final TorchRandom random;

  Scene(LoadedBackend subject, long recordingSeed, String caseName) {
    this.subject = subject;
    seed = Integer.toUnsignedLong((int) recordingSeed * 31 + caseName.hashCode());
    random = new TorchRandom(seed);
  }

  Backend backend() {
    return subject.backend();
  }

  LoadedModel model() {
    return subject.model();
  }

  Architecture architecture() {
    return subject.bundle().architecture();
  }

  SpecialTokens specialTokens() {
    return subject.bundle().manifest().specialTokens();
  }

  /** Of this case; a generator that starts from it anew gives what the first draw gave. */
  long seed() {
    return seed;
  }

  /** For stages that take any size: a plain-Java backend is to manage it on a large model too. */
  TokenGrid smallGrid() {
    TokenGrid grid = architecture().imageGrid();
    return new TokenGrid(
        Math.min(SMALL_ROWS, grid.rows()), Math.min(SMALL_COLUMNS, grid.columns()));
  }

  /** Standard normal values. */
  HostTensor noise(long... dimensions) {
    Shape shape = Shape.of(dimensions);
    return new HostTensor(shape, random.normals(Math.toIntExact(shape.elementCount())));
  }

  /** Noise [1, C, T, h, w], as latents are about as large. */
  HostTensor latents(TokenGrid grid, int frames) {
    return latents(1, grid, frames);
  }

  HostTensor latents(int batch, TokenGrid grid, int frames) {
    int patch = architecture().patchSize();
    return noise(
        batch,
        architecture().vae().latentChannels(),
        frames,
        (long) grid.rows() * patch,
        (long) grid.columns() * patch);
  }

  /** Pixels [B, 3, F, H, W] in -1 … 1. */
  HostTensor pixels(int batch, TokenGrid grid, int frames) {
    long side = architecture().pixelsPerToken();
    HostTensor pixels = noise(batch, 3, frames, grid.rows() * side, grid.columns() * side);
    float[] values = pixels.values();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(-1, Math.min(1, PIXEL_DEVIATION * values[i]));
    }
    return pixels;
  }

  /** A time between noise and data. */
  float time() {
    return (float) random.uniform();
  }

  /** Ids of the whole vocabulary. */
  int[] ids(int count) {
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = (int) (random.uniform() * architecture().backbone().vocabularySize());
    }
    return ids;
  }
}
