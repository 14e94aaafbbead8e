package dev.showo2.train.data;

import dev.showo2.sampler.TorchRandom;
import dev.showo2.sampler.internal.LatentSampling;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Puts the rows of a batch on their paths from noise to data. Draws as the official scripts do:
 * first the latents of all images at once, then noise and time of one image after the other.
 */
final class BatchNoise {

  private BatchNoise() {}

  /**
   * Images on their paths, in the order of rows and spans.
   *
   * @param latents x_t, [images, C, h, w] or [images, C, T, h, w]
   * @param times t of each
   * @param targets data − noise
   */
  record Noised(HostTensor latents, float[] times, HostTensor targets) {}

  /**
   * @param batch of rows
   * @param encoded mean and log-variance of each image, [1, C, T, h, w]; as many for each row as
   *     the batch has spans
   * @param sampled true to draw latents from their distribution
   * @param path of images of this size
   * @param random the stream of torch
   */
  static Noised of(
      PreparedBatch batch,
      List<List<HostTensor>> encoded,
      boolean sampled,
      LinearPath path,
      TorchRandom random) {
    Shape one = encoded.get(0).get(0).shape();
    int size = encoded.get(0).get(0).values().length;
    float[] data = joined(encoded, 0, size);
    if (sampled) {
      Shape all = Shape.of(data.length);
      data =
          LatentSampling.sample(
                  new HostTensor(all, data), new HostTensor(all, joined(encoded, 1, size)), random)
              .values();
    }
    float[] latents = new float[data.length];
    float[] targets = new float[data.length];
    float[] times = new float[encoded.size()];
    int index = 0;
    for (PreparedRow row : batch.rows()) {
      int clean = cleanSpans(row.row(), batch.spans());
      boolean given = row.loader().kind() == RowKind.IMAGE_TO_VIDEO;
      for (int span = 0; span < batch.spans(); span++) {
        float[] image = Arrays.copyOfRange(data, index * size, (index + 1) * size);
        LinearPath.Point point = path.draw(image, span < clean, random);
        if (given && span < row.images().size()) {
          keepFirstFrame(image, point.latents(), one);
        }
        times[index] = point.time();
        System.arraycopy(point.latents(), 0, latents, index * size, size);
        System.arraycopy(point.target(), 0, targets, index * size, size);
        index++;
      }
    }
    Shape shape = shape(encoded.size(), one);
    return new Noised(new HostTensor(shape, latents), times, new HostTensor(shape, targets));
  }

  /**
   * @param images on their paths
   * @param pad token after shorter rows
   */
  static TrainingBatch rows(PreparedBatch batch, Noised images, int pad) {
    return new TrainingBatch(
        batch.rows().stream().map(row -> padded(row, batch, pad).trained()).toList(),
        images.latents(),
        images.times(),
        images.targets(),
        SeededChoice.mix(batch.next().batch()));
  }

  private static Shape shape(int images, Shape one) {
    return one.dimension(2) == 1
        ? Shape.of(images, one.dimension(1), one.dimension(3), one.dimension(4))
        : Shape.of(images, one.dimension(1), one.dimension(2), one.dimension(3), one.dimension(4));
  }

  private static float[] joined(List<List<HostTensor>> encoded, int part, int size) {
    float[] values = new float[Math.multiplyExact(encoded.size(), size)];
    for (int i = 0; i < encoded.size(); i++) {
      System.arraycopy(encoded.get(i).get(part).values(), 0, values, i * size, size);
    }
    return values;
  }

  /**
   * @param shape [1, C, T, h, w]
   */
  private static void keepFirstFrame(float[] data, float[] latents, Shape shape) {
    int area = Math.toIntExact(shape.dimension(3) * shape.dimension(4));
    int step = Math.toIntExact(shape.dimension(2)) * area;
    for (int channel = 0; channel < shape.dimension(1); channel++) {
      System.arraycopy(data, channel * step, latents, channel * step, area);
    }
  }

  /** A row that is understood stays so: the slots that it is filled up with are clean too. */
  private static int cleanSpans(FormattedRow row, int spans) {
    return row.cleanSpans() == row.row().spans().size() ? spans : row.cleanSpans();
  }

  private static FormattedRow padded(PreparedRow prepared, PreparedBatch batch, int pad) {
    FormattedRow formatted = prepared.row();
    Row row = formatted.row();
    int length = row.tokens().length;
    int[] tokens = Arrays.copyOf(row.tokens(), batch.length());
    int[] labels = Arrays.copyOf(row.labels(), batch.length());
    Arrays.fill(tokens, length, batch.length(), pad);
    Arrays.fill(labels, length, batch.length(), TrainingBatch.NO_LABEL);
    List<Span> spans = new ArrayList<>(row.spans());
    while (spans.size() < batch.spans()) {
      spans.add(prepared.loader().unusedSlots() ? Span.UNUSED : Span.NONE);
    }
    return new FormattedRow(
        new Row(tokens, labels, Arrays.copyOf(row.flowMask(), batch.length()), spans),
        cleanSpans(formatted, spans.size()),
        formatted.cut());
  }
}
