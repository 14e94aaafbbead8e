package dev.showo2.samples.cli;

import dev.showo2.model.SafetensorsWriter;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An adapter of rank 1 for one square layer of the tiny checkpoints. */
final class TinyAdapter {

  private static final String LAYER = "base_model.model.showo.model.layers.0.self_attn.q_proj";

  private TinyAdapter() {}

  /**
   * @param folder is created
   * @param width of the layer
   * @param b each value of the second factor; those of the first are 1
   */
  static Path write(Path folder, int width, float b) throws IOException {
    Files.createDirectory(folder);
    Files.writeString(
        folder.resolve("adapter_config.json"),
        "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 2}");
    TensorDeclaration first = declaration("lora_A", 1, width);
    TensorDeclaration second = declaration("lora_B", width, 1);
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(
            folder.resolve("adapter_model.safetensors"), List.of(first, second), Map.of())) {
      writer.write(first.name(), sink -> fill(sink, width, 1));
      writer.write(second.name(), sink -> fill(sink, width, b));
      writer.finish();
    }
    return folder;
  }

  private static TensorDeclaration declaration(String factor, long... shape) {
    return new TensorDeclaration(
        LAYER + "." + factor + ".weight", ElementType.FLOAT32, Shape.of(shape));
  }

  private static void fill(TensorSink sink, int count, float value) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putFloat(value);
    }
    sink.accept(bytes.flip());
  }
}
