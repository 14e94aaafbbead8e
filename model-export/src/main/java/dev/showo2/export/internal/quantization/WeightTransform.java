package dev.showo2.export.internal.quantization;

import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A change of a weight that makes it, or the layers behind it, easier to quantize, while the model
 * computes the same: factors of rows and columns that cancel those of another weight, and a
 * rotation of columns that the layer's inputs get too.
 *
 * @param rows a factor for each row, or for each element of a vector; empty for 1
 * @param columns a factor for each column of a matrix; empty for 1
 * @param rotation of the columns, after the factors; empty for none
 * @param scalesInputs whether the layer's inputs are divided by the factors of columns when the
 *     model runs; else what precedes the layer was changed so that they are
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@SuppressWarnings("ArrayRecordComponent") // handed on within the exporter, never compared
public record WeightTransform(
    float[] rows, float[] columns, Optional<BlockRotation> rotation, boolean scalesInputs) {

  /** Changes nothing. */
  public static final WeightTransform NONE =
      new WeightTransform(new float[0], new float[0], Optional.empty(), false);

  public boolean isIdentity() {
    return rows.length == 0 && columns.length == 0 && rotation.isEmpty();
  }

  /** Whether the layer has to change its inputs when the model runs. */
  public boolean changesInputs() {
    return scalesInputs || rotation.isPresent();
  }

  public WeightTransform withRows(float[] factors) {
    return new WeightTransform(factors, columns, rotation, scalesInputs);
  }

  public WeightTransform withColumns(float[] factors) {
    return new WeightTransform(rows, factors, rotation, false);
  }

  /** With factors of columns by which inputs are divided when the model runs. */
  public WeightTransform withInputs(float[] factors) {
    return new WeightTransform(rows, factors, rotation, true);
  }

  public WeightTransform withRotation(BlockRotation blocks) {
    return new WeightTransform(rows, columns, Optional.of(blocks), scalesInputs);
  }

  /** What inputs are multiplied by: the inverse factors of columns. */
  public float[] inputFactors() {
    float[] factors = new float[columns.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = 1 / columns[i];
    }
    return factors;
  }

  /** Changes some rows of a matrix in place. */
  public void apply(float[] values, int firstRow, int count, int width) {
    for (int row = 0; row < count; row++) {
      int start = row * width;
      float factor = rows.length == 0 ? 1 : rows[firstRow + row];
      for (int i = 0; i < width; i++) {
        values[start + i] *= columns.length == 0 ? factor : factor * columns[i];
      }
      rotation.ifPresent(blocks -> blocks.apply(values, start, width));
    }
  }

  /**
   * A sink of the weight as it is in 32-bit floats, which hands it on changed.
   *
   * @param shape of the weight
   */
  public TensorSink into(Shape shape, TensorSink target) {
    // A vector is a column: each of its elements is a row.
    int width = shape.rank() == 1 ? 1 : Math.toIntExact(shape.dimension(1));
    return isIdentity() ? target : new Sink(this, width, target);
  }

  private static final class Sink extends RowSink {

    private final WeightTransform transform;
    private final TensorSink target;
    private final ByteBuffer changed;
    private int next;

    Sink(WeightTransform transform, int width, TensorSink target) {
      super(width);
      this.transform = transform;
      this.target = target;
      this.changed = ByteBuffer.allocate(width * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    void handOn(int count) throws IOException {
      transform.apply(row, next, 1, count);
      next++;
      changed.clear().asFloatBuffer().put(row);
      target.accept(changed);
    }
  }
}
