package dev.showo2.export.internal.lora;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.checkpoint.FloatConversion;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

/** A model's weights with one adapter merged into them. Closes both. */
final class MergedWeights implements CheckpointWeights {

  private final CheckpointWeights model;
  private final CheckpointWeights adapter;
  private final Map<String, WeightChange> changes;

  MergedWeights(
      CheckpointWeights model, CheckpointWeights adapter, Map<String, WeightChange> changes) {
    this.model = model;
    this.adapter = adapter;
    this.changes = changes;
  }

  @Override
  public Set<String> names() {
    return model.names();
  }

  @Override
  public Map<String, String> unreadable() {
    return model.unreadable();
  }

  @Override
  public Shape shape(String name) {
    return model.shape(name);
  }

  @Override
  public ElementType type(String name) {
    return changes.containsKey(name) ? ElementType.FLOAT32 : model.type(name);
  }

  /** A changed weight shares nothing; what shared its memory still shares it with each other. */
  @Override
  public String sharedWith(String name) {
    String first = model.sharedWith(name);
    if (changes.containsKey(name)) {
      return name;
    }
    if (!changes.containsKey(first)) {
      return first;
    }
    return names().stream()
        .filter(other -> !changes.containsKey(other) && model.sharedWith(other).equals(first))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void read(String name, TensorSink sink) throws IOException {
    WeightChange change = changes.get(name);
    if (change == null) {
      model.read(name, sink);
    } else if (change.delta().isEmpty()) {
      readBase(name, change, sink);
    } else {
      RowChange rows = change.delta().get().load(adapter);
      RowMerge merge = new RowMerge(columns(model.shape(name)), rows, sink);
      readBase(name, change, merge);
      merge.flush();
    }
  }

  private void readBase(String name, WeightChange change, TensorSink sink) throws IOException {
    CheckpointWeights source = change.replacement().isPresent() ? adapter : model;
    String key = change.replacement().orElse(name);
    source.read(key, FloatConversion.toFloat32(key, source.type(key), sink));
  }

  /** Values of a row; 1 for a vector. */
  private static int columns(Shape shape) {
    long columns = 1;
    for (int axis = 1; axis < shape.rank(); axis++) {
      columns *= shape.dimension(axis);
    }
    return Math.toIntExact(columns);
  }

  @Override
  public void close() {
    try (model) {
      adapter.close();
    }
  }

  /**
   * Cuts 32-bit floats that stream into rows, changes each and hands them on. Rows may be longer or
   * shorter than chunks.
   */
  private static final class RowMerge implements TensorSink {

    private final RowChange change;
    private final TensorSink target;
    private final FloatBuffer row;
    private final ByteBuffer chunk =
        ByteBuffer.allocate(MAX_CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int rows;

    RowMerge(int columns, RowChange change, TensorSink target) {
      this.row = FloatBuffer.allocate(columns);
      this.change = change;
      this.target = target;
    }

    @Override
    public void accept(ByteBuffer incoming) throws IOException {
      FloatBuffer values = incoming.asFloatBuffer();
      while (values.hasRemaining()) {
        transfer(values, row);
        if (!row.hasRemaining()) {
          change.apply(rows++, row.array());
          hand(row.flip());
          row.clear();
        }
      }
    }

    private void hand(FloatBuffer values) throws IOException {
      while (values.hasRemaining()) {
        int moved = transfer(values, chunk.asFloatBuffer());
        chunk.position(chunk.position() + moved * Float.BYTES);
        if (!chunk.hasRemaining()) {
          flush();
        }
      }
    }

    /** Hands on what is left; to be called when all values have come. */
    void flush() throws IOException {
      if (chunk.position() > 0) {
        target.accept(chunk.flip());
        chunk.clear();
      }
    }

    /** As many values as there are and fit. */
    private static int transfer(FloatBuffer from, FloatBuffer to) {
      int count = Math.min(from.remaining(), to.remaining());
      to.put(from.slice(from.position(), count));
      from.position(from.position() + count);
      return count;
    }
  }
}
