package dev.showo2.conformance.internal.reference;

import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.TensorInfo;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All weights of a bundle under the names of the checkpoint, mapped and not copied: what a stage
 * does not use is never read. In which precision a weight is, its element type says.
 */
final class Weights {

  /** Rows of the largest matrix that rotates blocks of inputs. */
  private static final int LARGEST_ROTATION = 1024;

  private final Bundle bundle;
  private final List<WeightEdit> edits;
  private final Workers workers;
  private final Map<String, MappedRows> byKey = new HashMap<>();

  private Weights(Bundle bundle, List<WeightEdit> edits, Workers workers) {
    this.bundle = bundle;
    this.edits = edits;
    this.workers = workers;
  }

  /**
   * Maps every weight; the files are closed again.
   *
   * @param edits to what is mapped, made when a weight is asked for
   * @throws InvalidModelException if a file cannot be read
   */
  static Weights open(Bundle bundle, List<WeightEdit> edits, Workers workers) {
    Weights weights = new Weights(bundle, edits, workers);
    for (BundleFile file : bundle.manifest().files()) {
      if (file.name().endsWith(".safetensors")) {
        weights.map(bundle.directory().resolve(file.name()));
      }
    }
    return weights;
  }

  private void map(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path);
        FileChannel channel = FileChannel.open(path)) {
      for (TensorInfo tensor : file.tensors().values()) {
        byKey.put(tensor.name(), MappedRows.map(channel, tensor));
      }
    } catch (ClosedByInterruptException e) {
      throw new CancelledException("interrupted while mapping " + path, e);
    } catch (IOException e) {
      throw new InvalidModelException("cannot map " + path + ": " + e.getMessage(), e);
    }
  }

  /**
   * @throws InvalidModelException if there is no such weight, it has another shape, or its element
   *     type is not that of a weight of this shape
   */
  Weight weight(String key, long... dimensions) {
    Shape shape = Shape.of(dimensions);
    Weight weight =
        byKey.containsKey(key + "_transformed")
            ? stored(matrix(mapped(key + "_transformed"), shape), shape).of(inputs(key, shape))
            : stored(mapped(key), shape);
    for (WeightEdit edit : edits) {
      if (edit.concerns(key)) {
        weight = weight.edited(shape, edit.change());
      }
    }
    return weight;
  }

  private Weight stored(MappedRows values, Shape shape) {
    return switch (values.info().type()) {
      case FLOAT32 -> floats(shaped(values, shape), RowReader.float32(values));
      case FLOAT16 -> floats(shaped(values, shape), RowReader.float16(values));
      case BFLOAT16 -> floats(shaped(values, shape), RowReader.brainFloat16(values));
      case INT8 -> int8(values, shape);
      case UINT8 -> int4(values, shape);
      default -> throw unreadable(values, shape);
    };
  }

  /** What the layer of a matrix does with its inputs. */
  private InputTransform inputs(String key, Shape shape) {
    String factors = key + "_input_factors";
    String rotation = key + "_input_rotation";
    return new InputTransform(
        byKey.containsKey(factors)
            ? Optional.of(vector(factors, Math.toIntExact(shape.dimension(1))))
            : Optional.empty(),
        byKey.containsKey(rotation)
            ? Optional.of(rotation(mapped(rotation), shape))
            : Optional.empty());
  }

  private double[][] rotation(MappedRows matrix, Shape shape) {
    Shape found = matrix.info().shape();
    boolean isSquare = found.rank() == 2 && found.dimension(0) == found.dimension(1);
    if (!isSquare
        || matrix.info().type() != ElementType.FLOAT32
        || found.dimension(0) < 1
        || found.dimension(0) > LARGEST_ROTATION
        || shape.dimension(1) % found.dimension(0) != 0) {
      throw wrong(
          matrix,
          "a square in F32 of at most "
              + LARGEST_ROTATION
              + " rows that divide the inputs of a weight "
              + shape,
          found + " in " + matrix.info().type().safetensorsName());
    }
    double[][] rows = new double[matrix.rows()][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = RowReader.float32(matrix).row(row);
    }
    return rows;
  }

  private static Weight floats(MappedRows values, RowReader reader) {
    return new Weight(values.rows(), values.columns(), reader, false);
  }

  private Weight int8(MappedRows values, Shape shape) {
    requireMatrix(values, shape);
    shaped(values, shape);
    MappedRows scales = scales(values, Shape.of(shape.dimension(0)));
    return new Weight(values.rows(), values.columns(), RowReader.int8(values, scales), true);
  }

  private Weight int4(MappedRows values, Shape shape) {
    requireMatrix(values, shape);
    long out = shape.dimension(0);
    long in = shape.dimension(1);
    if (in % RowReader.BLOCK != 0) {
      throw unreadable(values, shape);
    }
    shaped(values, Shape.of(out, in / 2));
    MappedRows scales = scales(values, Shape.of(out, in / RowReader.BLOCK));
    return new Weight(values.rows(), (int) in, RowReader.int4(values, scales), false);
  }

  private MappedRows scales(MappedRows values, Shape shape) {
    MappedRows scales = mapped(values.info().name() + "_scale");
    if (scales.info().type() != ElementType.FLOAT32) {
      throw unreadable(scales, shape);
    }
    return shaped(scales, shape);
  }

  private MappedRows mapped(String key) {
    MappedRows mapped = byKey.get(key);
    if (mapped == null) {
      throw new InvalidModelException(
          bundle + " lacks the weight '" + key + "'; export the checkpoint again");
    }
    return mapped;
  }

  private MappedRows matrix(MappedRows values, Shape shape) {
    requireMatrix(values, shape);
    return values;
  }

  /** Integers are for matrices alone, as are changes of inputs. */
  private void requireMatrix(MappedRows values, Shape shape) {
    if (shape.rank() != 2) {
      throw unreadable(values, shape);
    }
  }

  private MappedRows shaped(MappedRows values, Shape shape) {
    if (!values.info().shape().equals(shape)) {
      throw wrong(values, shape.toString(), values.info().shape().toString());
    }
    return values;
  }

  private InvalidModelException unreadable(MappedRows values, Shape shape) {
    return wrong(
        values,
        shape
            + " in F32, F16 or BF16, or a matrix [out, in] in I8, or in U8 with in a multiple of "
            + RowReader.BLOCK
            + ", scales being F32",
        values.info().shape() + " in " + values.info().type().safetensorsName());
  }

  private InvalidModelException wrong(MappedRows values, String expected, String found) {
    return new InvalidModelException(
        "the weight '"
            + values.info().name()
            + "' of "
            + bundle
            + " should be "
            + expected
            + ", found "
            + found
            + "; export the checkpoint again");
  }

  /** A bias, or the gain of a norm. */
  double[] vector(String key, int length) {
    return weight(key, length).all();
  }

  /** A layer with a bias. */
  Linear linear(String key, int out, int in) {
    return new Linear(weight(key + ".weight", out, in), vector(key + ".bias", out), workers);
  }

  Linear linearWithoutBias(String key, int out, int in) {
    return new Linear(weight(key + ".weight", out, in), new double[out], workers);
  }

  Workers workers() {
    return workers;
  }
}
