package dev.showo2.export.synthetic;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.showo2.export.DurableFile;
import dev.showo2.export.ExportListener;
import dev.showo2.export.Interruption;
import dev.showo2.export.checkpoint.SafetensorsWriter;
import dev.showo2.export.checkpoint.TensorDeclaration;
import dev.showo2.export.checkpoint.Weights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes the files of a checkpoint into one folder. */
final class CheckpointFiles {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private final Path folder;
  private final ExportListener listener;
  private final long total;
  private long written;

  /**
   * @param total bytes of all weights that will be written, for the listener
   */
  CheckpointFiles(Path folder, ExportListener listener, long total) {
    this.folder = folder;
    this.listener = listener;
    this.total = total;
  }

  void write(Shards shards, Weights weights) throws IOException {
    for (Map.Entry<String, List<TensorDeclaration>> file : shards.files().entrySet()) {
      listener.phase("writing " + file.getKey());
      try (SafetensorsWriter writer =
          SafetensorsWriter.create(folder.resolve(file.getKey()), file.getValue(), Map.of())) {
        for (TensorDeclaration tensor : file.getValue()) {
          write(writer, tensor.name(), weights);
        }
        writer.finish();
      }
    }
  }

  private void write(SafetensorsWriter writer, String key, Weights weights) throws IOException {
    writer.write(
        key,
        sink ->
            weights.read(
                key,
                chunk -> {
                  Interruption.check();
                  written += chunk.remaining();
                  sink.accept(chunk);
                  listener.progress(written, total);
                }));
  }

  void write(String name, JsonObject json) throws IOException {
    write(name, (GSON.toJson(json) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  void write(String name, byte[] bytes) throws IOException {
    Interruption.check();
    DurableFile.write(folder.resolve(name), bytes);
  }
}
