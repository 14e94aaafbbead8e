package dev.showo2.export.internal.calibration;

import dev.showo2.export.ExportListener;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.Architecture;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.ArchitectureBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A model of seeded weights that are made while they are read, some of them changed. */
final class SmallModel implements CheckpointWeights {

  static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 58, 97, 93, 23, 84, 62};

  /** Width of the backbone's feed-forward networks. */
  static final int INNER = 1024;

  static final Architecture TIED = architecture(128, 100, true);
  static final Architecture UNTIED = architecture(128, 100, false);

  private final Architecture architecture;
  private final Map<String, UnaryOperator<float[]>> changes = new HashMap<>();
  private final Map<String, Integer> reads = new HashMap<>();

  SmallModel(Architecture architecture) {
    this.architecture = architecture;
  }

  /** Every number of inputs is a multiple of 32. */
  static Architecture architecture(int width, int vocabulary, boolean tied) {
    return new ArchitectureBuilder()
        .backbone(width, 3, 4, 2, 32, INNER, vocabulary, tied)
        .semantic(64, 2, 4, 96, 16)
        .flowHead(96, 2, 6, 2, 16, 160)
        .vae(4, 1)
        .grids(new TokenGrid(4, 4), new TokenGrid(4, 4), new TokenGrid(2, 2))
        .build();
  }

  /** Every matrix that may be encoded. */
  static Map<String, WeightEncoding> all(Architecture architecture, WeightEncoding encoding) {
    Map<String, WeightEncoding> encodings = new LinkedHashMap<>();
    ModelKeys.all(architecture)
        .forEach(
            (key, shape) -> {
              boolean isExact =
                  key.startsWith("position") || key.startsWith("time") || key.contains("_head_b");
              if (shape.rank() == 2 && !isExact) {
                encodings.put(key, encoding);
              }
            });
    return encodings;
  }

  /** Changes the values of a weight whenever they are read. */
  SmallModel change(String key, UnaryOperator<float[]> change) {
    shape(key);
    changes.put(key, change);
    return this;
  }

  CalibrationResult calibrate(Map<String, WeightEncoding> encodings) {
    return Calibration.run(architecture, this, encodings, IDS, ExportListener.NONE);
  }

  /** The change of a weight, which may be none. */
  UnaryOperator<float[]> change(String key) {
    return changes.getOrDefault(key, UnaryOperator.identity());
  }

  /** With the changes of another model. */
  SmallModel like(SmallModel other) {
    changes.putAll(other.changes);
    return this;
  }

  /** Without smoothing and rotation. */
  CalibrationResult calibrateUnmitigated(Map<String, WeightEncoding> encodings) {
    return Calibration.run(architecture, this, encodings, IDS, ExportListener.NONE, 2, false);
  }

  CalibrationResult calibrate(WeightEncoding encoding) {
    return calibrate(all(architecture, encoding));
  }

  /** How often each weight was read. */
  Map<String, Integer> reads() {
    return reads;
  }

  @Override
  public Set<String> names() {
    return ModelKeys.all(architecture).keySet();
  }

  @Override
  public Shape shape(String name) {
    return ModelKeys.all(architecture).get(name);
  }

  @Override
  public ElementType type(String name) {
    return ElementType.FLOAT32;
  }

  @Override
  public String sharedWith(String name) {
    return name;
  }

  /** Rows of a matrix come one by one, and are changed one by one. */
  @Override
  public void read(String name, TensorSink sink) throws IOException {
    reads.merge(name, 1, Integer::sum);
    Shape shape = shape(name);
    int rows = shape.rank() == 1 ? 1 : Math.toIntExact(shape.dimension(0));
    int columns = Math.toIntExact(shape.elementCount() / rows);
    Random random = new Random(name.hashCode());
    ByteBuffer chunk = ByteBuffer.allocate(columns * 4).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[columns];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < columns; i++) {
        float even = 2 * random.nextFloat() - 1;
        boolean isGain = rows == 1 && name.endsWith(".weight");
        values[i] = isGain ? 1 + even / 4 : even * (float) Math.sqrt(3.0 / columns);
      }
      float[] changed = changes.getOrDefault(name, UnaryOperator.identity()).apply(values);
      chunk.clear().asFloatBuffer().put(changed);
      sink.accept(chunk);
    }
  }

  @Override
  public void close() {}
}
