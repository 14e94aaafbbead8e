package dev.showo2.train.checkpoint;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.model.SafetensorsWriter;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.model.SafetensorsWriter.TensorSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;

/** Arrays as sources of tensors, and tensors as files. */
final class Floats {

  private static final int CHUNK = TensorSink.MAX_CHUNK_BYTES / Float.BYTES;

  private Floats() {}

  static TensorSource source(float[] values) {
    return sink -> {
      for (int from = 0; from < values.length; from += CHUNK) {
        int count = Math.min(CHUNK, values.length - from);
        ByteBuffer chunk = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        chunk.asFloatBuffer().put(values, from, count);
        sink.accept(chunk);
      }
    };
  }

  static void write(Path file, CheckpointWeights weights) throws IOException {
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(
            file,
            weights.names().stream()
                .map(name -> new TensorDeclaration(name, weights.type(name), weights.shape(name)))
                .toList(),
            Map.of())) {
      for (String name : weights.names()) {
        writer.write(name, sink -> weights.read(name, sink));
      }
      writer.finish();
    }
  }
}
