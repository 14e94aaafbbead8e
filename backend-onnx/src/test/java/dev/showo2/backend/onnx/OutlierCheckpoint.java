package dev.showo2.backend.onnx;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.model.SafetensorsWriter;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint that computes the same as another, but one layer of it gets an input that is far
 * larger than all others.
 */
final class OutlierCheckpoint {

  /** The layer that takes the input. */
  static final String KEPT = "showo.model.layers.1.mlp.down_proj.weight";

  private static final String BEFORE = "showo.model.layers.1.mlp.up_proj.weight";
  private static final int CHANNEL = 37;
  private static final float FACTOR = 256;

  private OutlierCheckpoint() {}

  /**
   * @param folder is created
   */
  static Path write(Path original, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String name : List.of("config.json", "arch.json", "tokenizer.json", "vae.pth")) {
      Files.copy(original.resolve(name), folder.resolve(name));
    }
    try (CheckpointWeights weights = Checkpoints.open(original)) {
      List<TensorDeclaration> tensors =
          weights.names().stream()
              .map(key -> new TensorDeclaration(key, ElementType.FLOAT32, weights.shape(key)))
              .toList();
      try (SafetensorsWriter writer =
          SafetensorsWriter.create(folder.resolve("model.safetensors"), tensors, Map.of())) {
        for (TensorDeclaration tensor : tensors) {
          float[] values = weights.readFloats(tensor.name()).values();
          change(tensor.name(), tensor.shape(), values);
          writer.write(tensor.name(), sink -> sink.accept(bytes(values)));
        }
        writer.finish();
      }
    }
    return folder;
  }

  /** A row of the matrix that gives the channel, and the column of the one that takes it. */
  private static void change(String key, Shape shape, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (key.equals(BEFORE) && i / shape.dimension(1) == CHANNEL) {
        values[i] *= FACTOR;
      } else if (key.equals(KEPT) && i % shape.dimension(1) == CHANNEL) {
        values[i] /= FACTOR;
      }
    }
  }

  private static ByteBuffer bytes(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }
}
