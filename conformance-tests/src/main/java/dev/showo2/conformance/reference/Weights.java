package dev.showo2.conformance.reference;

import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.TensorInfo;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All weights of a bundle under the names of the checkpoint, mapped and not copied: what a stage
 * does not use is never read.
 */
final class Weights {

  private static final int LARGEST_PART = 1 << 30;

  private final Bundle bundle;
  private final List<WeightEdit> edits;
  private final Workers workers;
  private final Map<String, Mapped> byKey = new HashMap<>();

  private record Mapped(Shape shape, Weight weight) {}

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
   * @throws UnsupportedFeatureException if weights are not 32-bit floats
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
        if (tensor.type() != ElementType.FLOAT32) {
          throw new UnsupportedFeatureException(
              "the backend 'reference' reads weights in F32, found '"
                  + tensor.name()
                  + "' in "
                  + tensor.type().safetensorsName()
                  + "; export the checkpoint in fp32");
        }
        byKey.put(tensor.name(), new Mapped(tensor.shape(), map(channel, tensor)));
      }
    } catch (ClosedByInterruptException e) {
      throw new CancelledException("interrupted while mapping " + path, e);
    } catch (IOException e) {
      throw new InvalidModelException("cannot map " + path + ": " + e.getMessage(), e);
    }
  }

  private static Weight map(FileChannel channel, TensorInfo tensor) throws IOException {
    Shape shape = tensor.shape();
    int rows = shape.rank() == 0 ? 1 : Math.toIntExact(shape.dimension(0));
    int columns = Math.toIntExact(shape.elementCount() / Math.max(1, rows));
    long rowBytes = Math.max(1, (long) columns * Float.BYTES);
    int rowsPerPart = (int) Math.max(1, LARGEST_PART / rowBytes);
    List<FloatBuffer> parts = new ArrayList<>();
    for (int row = 0; row < rows; row += rowsPerPart) {
      long bytes = Math.min(rowsPerPart, rows - row) * rowBytes;
      parts.add(
          channel
              .map(FileChannel.MapMode.READ_ONLY, tensor.offset() + row * rowBytes, bytes)
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer());
    }
    return new Weight(rows, columns, rowsPerPart, List.copyOf(parts));
  }

  /**
   * @throws InvalidModelException if there is no such weight, or it has another shape
   */
  Weight weight(String key, long... shape) {
    Mapped mapped = byKey.get(key);
    if (mapped == null) {
      throw new InvalidModelException(
          bundle + " lacks the weight '" + key + "'; export the checkpoint again");
    }
    if (!mapped.shape().equals(Shape.of(shape))) {
      throw new InvalidModelException(
          "the weight '"
              + key
              + "' of "
              + bundle
              + " should be "
              + Shape.of(shape)
              + ", found "
              + mapped.shape()
              + "; export the checkpoint again");
    }
    Weight weight = mapped.weight();
    for (WeightEdit edit : edits) {
      if (edit.concerns(key)) {
        weight = weight.edited(mapped.shape(), edit.change());
      }
    }
    return weight;
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
