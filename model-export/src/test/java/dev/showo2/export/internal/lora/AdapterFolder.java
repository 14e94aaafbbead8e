package dev.showo2.export.internal.lora;

import com.google.gson.JsonObject;
import dev.showo2.model.SafetensorsWriter;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds the folder of an adapter. Everything can be changed before it is written. */
public final class AdapterFolder {

  public static final String PREFIX = "base_model.model.";

  private record Tensor(ElementType type, Shape shape, float[] values) {}

  private String prefix = PREFIX;
  private final JsonObject config = new JsonObject();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  public AdapterFolder(int rank, double alpha) {
    config.addProperty("peft_type", "LORA");
    config.addProperty("r", rank);
    config.addProperty("lora_alpha", alpha);
  }

  /** What stands before each key instead of PEFT's own prefix. */
  public AdapterFolder prefix(String other) {
    prefix = other;
    return this;
  }

  /** {@code adapter_config.json}, to be changed. */
  public JsonObject config() {
    return config;
  }

  /** Both factors of a linear layer; values are those of {@link ArrayWeights#values}. */
  public AdapterFolder linear(String path, int out, int rank, int in) {
    return seeded(path + ".lora_A.weight", rank, in).seeded(path + ".lora_B.weight", out, rank);
  }

  public AdapterFolder seeded(String key, long... shape) {
    return floats(key, values(key, shape), shape);
  }

  public AdapterFolder floats(String key, float[] values, long... shape) {
    tensors.put(key, new Tensor(ElementType.FLOAT32, Shape.of(shape), values));
    return this;
  }

  /** A tensor of zeros of any type. */
  AdapterFolder zeros(String key, ElementType type, long... shape) {
    Shape sizes = Shape.of(shape);
    tensors.put(key, new Tensor(type, sizes, new float[(int) sizes.elementCount()]));
    return this;
  }

  /** The values that {@link #seeded} gives a key. */
  public static float[] values(String key, long... shape) {
    return ArrayWeights.values(key, Shape.of(shape));
  }

  /**
   * @param folder is created
   */
  public Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("adapter_config.json"), config.toString());
    List<TensorDeclaration> declarations =
        tensors.entrySet().stream()
            .map(
                entry ->
                    new TensorDeclaration(
                        prefix + entry.getKey(), entry.getValue().type, entry.getValue().shape))
            .toList();
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(
            folder.resolve("adapter_model.safetensors"), declarations, Map.of())) {
      for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
        Tensor tensor = entry.getValue();
        ByteBuffer bytes =
            ByteBuffer.allocate(tensor.values.length * tensor.type.byteSize())
                .order(ByteOrder.LITTLE_ENDIAN);
        if (tensor.type == ElementType.FLOAT32) {
          bytes.asFloatBuffer().put(tensor.values);
        }
        writer.write(prefix + entry.getKey(), sink -> sink.accept(bytes));
      }
      writer.finish();
    }
    return folder;
  }
}
