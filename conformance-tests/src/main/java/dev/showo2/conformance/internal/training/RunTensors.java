package dev.showo2.conformance.internal.training;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.TensorInfo;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The tensors of one recorded run: micro-batches, and what the official code made of them. */
final class RunTensors implements AutoCloseable {

  /** Recorded final values of each parameter. */
  static final int SAMPLES = 16;

  private final RecordedRun run;
  private final SafetensorsFile file;

  private RunTensors(RecordedRun run, SafetensorsFile file) {
    this.run = run;
    this.file = file;
  }

  static RunTensors open(RecordedRun run) {
    return new RunTensors(run, SafetensorsFile.open(run.file()));
  }

  /**
   * Figures of the official code.
   *
   * @param precision in which it computed
   * @param lossNtp of each step
   * @param lossFlow of each step
   * @param gradNorm of each step, before clipping
   * @param rates [steps, groups]
   * @param changeNorms of each parameter
   * @param samples [parameters, 16]
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Figures(
      String precision,
      double[] lossNtp,
      double[] lossFlow,
      double[] gradNorm,
      double[] rates,
      double[] changeNorms,
      double[] samples) {}

  /**
   * Reads the figures of one precision.
   *
   * @param precision fp32 or fp64
   * @throws InvalidModelException if a tensor is missing, has another shape, or is not finite
   */
  Figures figures(String precision) {
    int parameters = run.parameters().size();
    return new Figures(
        precision,
        doubles(precision + ".loss_ntp", run.steps()),
        doubles(precision + ".loss_flow", run.steps()),
        doubles(precision + ".grad_norm", run.steps()),
        doubles(precision + ".lr", run.steps(), run.rates().size()),
        doubles(precision + ".change_norm", parameters),
        doubles(precision + ".sample", parameters, SAMPLES));
  }

  /** Tells whether the official code computed in a precision. */
  boolean has(String precision) {
    return file.tensors().containsKey(precision + ".loss_ntp");
  }

  /**
   * Reads a micro-batch.
   *
   * @param index from 0
   * @throws InvalidModelException if a tensor is missing, or they do not fit together
   */
  TrainingBatch batch(int index) {
    String prefix = "batch." + index + ".";
    Shape shape = shape(prefix + "tokens", 2);
    int rows = Math.toIntExact(shape.dimension(0));
    int length = Math.toIntExact(shape.dimension(1));
    Shape spans = shape(prefix + "positions", 3);
    require(prefix + "labels", shape);
    require(prefix + "image_mask", shape);
    require(prefix + "positions", Shape.of(rows, spans.dimension(1), 2));
    int images = Math.toIntExact(spans.dimension(1));
    long[] tokens = file.readIntegers(prefix + "tokens");
    long[] labels = file.readIntegers(prefix + "labels");
    long[] mask = file.readIntegers(prefix + "image_mask");
    long[] positions = file.readIntegers(prefix + "positions");
    try {
      List<Row> made = new ArrayList<>();
      for (int row = 0; row < rows; row++) {
        int start = row * length;
        List<Span> own = new ArrayList<>();
        for (int image = 0; image < images; image++) {
          int at = (row * images + image) * 2;
          own.add(new Span(asInt(positions[at]), asInt(positions[at + 1])));
        }
        made.add(
            new Row(
                ints(tokens, start, length),
                ints(labels, start, length),
                flags(mask, start, length),
                own));
      }
      HostTensor times = file.readFloats(prefix + "t");
      return new TrainingBatch(
          made,
          file.readFloats(prefix + "x_t"),
          times.values(),
          file.readFloats(prefix + "target"),
          0);
    } catch (IllegalArgumentException e) {
      throw new InvalidModelException(
          file.path() + ": " + prefix + "*: " + e.getMessage() + "; record the run again", e);
    }
  }

  private static int asInt(long value) {
    if (value != (int) value) {
      throw new IllegalArgumentException("a number of 32 bits was expected, found " + value);
    }
    return (int) value;
  }

  private static int[] ints(long[] values, int start, int length) {
    int[] part = new int[length];
    for (int i = 0; i < length; i++) {
      part[i] = asInt(values[start + i]);
    }
    return part;
  }

  private static boolean[] flags(long[] values, int start, int length) {
    boolean[] part = new boolean[length];
    for (int i = 0; i < length; i++) {
      if (values[start + i] != 0 && values[start + i] != 1) {
        throw new IllegalArgumentException(
            "a mask of 0 and 1 was expected, found " + values[start + i]);
      }
      part[i] = values[start + i] == 1;
    }
    return part;
  }

  private Shape shape(String tensor, int rank) {
    Shape shape = file.tensor(tensor).shape();
    if (shape.rank() != rank || shape.elementCount() == 0) {
      throw new InvalidModelException(
          file.path() + ": '" + tensor + "' should have " + rank + " axes, its shape is " + shape);
    }
    return shape;
  }

  private TensorInfo require(String tensor, Shape expected) {
    TensorInfo info = file.tensor(tensor);
    if (!info.shape().equals(expected)) {
      throw new InvalidModelException(
          file.path()
              + ": '"
              + tensor
              + "' should have the shape "
              + expected
              + ", found "
              + info.shape());
    }
    return info;
  }

  private double[] doubles(String tensor, long... dimensions) {
    TensorInfo info = require(tensor, Shape.of(dimensions));
    double[] values = new double[Math.toIntExact(info.shape().elementCount())];
    if (info.type() == ElementType.FLOAT64) {
      ByteBuffer bytes = file.map(tensor);
      for (int i = 0; i < values.length; i++) {
        values[i] = bytes.getDouble();
      }
    } else {
      float[] floats = file.readFloats(tensor).values();
      for (int i = 0; i < values.length; i++) {
        values[i] = floats[i];
      }
    }
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new InvalidModelException(
            file.path() + ": '" + tensor + "' holds " + value + "; figures must be finite");
      }
    }
    return values;
  }

  @Override
  public void close() {
    file.close();
  }
}
