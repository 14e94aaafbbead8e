package dev.showo2.conformance.internal;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.model.Bundle;
import dev.showo2.model.Integrity;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.SafetensorsWriter;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.model.TensorInfo;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/** Copies of checkpoints and bundles, some of whose weights a test changes. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ChangedCheckpoint {

  private ChangedCheckpoint() {}

  /** A change of one weight's values in place. */
  @FunctionalInterface
  public interface Change {

    void apply(String key, Shape shape, float[] values);
  }

  /**
   * @param folder is created
   */
  public static Path write(Path original, Path folder, Change change) throws IOException {
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
          change.apply(tensor.name(), tensor.shape(), values);
          writer.write(tensor.name(), sink -> sink.accept(bytes(values)));
        }
        writer.finish();
      }
    }
    return folder;
  }

  /**
   * A bundle in which weights in 32-bit floats are changed, such as norms and biases.
   *
   * @param folder is created
   */
  public static Bundle write(Bundle original, Path folder, Change change) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(original.directory())) {
      for (Path file : files.toList()) {
        Path copy = Files.copy(file, folder.resolve(file.getFileName()));
        if (copy.toString().endsWith(".safetensors")) {
          change(copy, change);
        }
      }
    }
    return Bundle.open(folder, Integrity.SIZES);
  }

  private static void change(Path file, Change change) throws IOException {
    try (SafetensorsFile opened = SafetensorsFile.open(file);
        FileChannel target = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (Map.Entry<String, TensorInfo> tensor : opened.tensors().entrySet()) {
        TensorInfo info = tensor.getValue();
        if (info.type() == ElementType.FLOAT32) {
          float[] values = opened.readFloats(tensor.getKey()).values();
          change.apply(tensor.getKey(), info.shape(), values);
          target.write(bytes(values), info.offset());
        }
      }
    }
  }

  private static ByteBuffer bytes(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }
}
