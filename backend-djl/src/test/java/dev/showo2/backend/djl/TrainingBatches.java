package dev.showo2.backend.djl;

import dev.showo2.model.Architecture;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import java.util.Arrays;
import java.util.List;

/** Small batches with random latents. */
final class TrainingBatches {

  private static final int TEXT = 5;

  private TrainingBatches() {}

  /** A row with an image to be drawn, one with a caption, and one without an image. */
  static TrainingBatch mixed(Architecture architecture, long seed) {
    int span = architecture.imageGrid().tokens() + 1;
    int length = span + TEXT + 3;
    boolean[] mask = new boolean[length];
    Arrays.fill(mask, TEXT, TEXT + span, true);
    int[] caption = tokens(length);
    Arrays.fill(caption, 1, 1 + span, TrainingBatch.NO_LABEL);
    return batch(
        architecture,
        List.of(
            new Row(tokens(length), none(length), mask, List.of(new Span(TEXT, span))),
            new Row(tokens(length), caption, new boolean[length], List.of(new Span(1, span))),
            new Row(tokens(length), tokens(length), new boolean[length], List.of(Span.NONE))),
        new float[] {0.4f, 1, 1},
        seed);
  }

  static TrainingBatch batch(Architecture architecture, List<Row> rows, float[] times, long seed) {
    int patch = architecture.patchSize();
    Shape shape =
        Shape.of(
            times.length,
            architecture.vae().latentChannels(),
            (long) architecture.imageGrid().rows() * patch,
            (long) architecture.imageGrid().columns() * patch);
    TorchRandom random = new TorchRandom(seed);
    int count = Math.toIntExact(shape.elementCount());
    return new TrainingBatch(
        rows,
        new HostTensor(shape, random.normals(count)),
        times,
        new HostTensor(shape, random.normals(count)),
        seed);
  }

  /** Ids that every vocabulary has. */
  static int[] tokens(int length) {
    int[] tokens = new int[length];
    Arrays.setAll(tokens, i -> 10 + i * 7 % 50);
    return tokens;
  }

  static int[] none(int length) {
    int[] labels = new int[length];
    Arrays.fill(labels, TrainingBatch.NO_LABEL);
    return labels;
  }
}
