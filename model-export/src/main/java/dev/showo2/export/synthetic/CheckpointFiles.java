package dev.showo2.export.synthetic;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.showo2.export.ExportListener;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.io.DurableFile;
import dev.showo2.export.internal.io.InterruptionCheck;
import dev.showo2.model.TensorDeclaration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes the files of a checkpoint into one folder. */
final class CheckpointFiles {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private final Path folder;
  private final CheckpointFormat format;
  private final ExportListener listener;
  private final long total;
  private long written;

  /**
   * @param total bytes of all weights that will be written, for the listener
   */
  CheckpointFiles(Path folder, CheckpointFormat format, ExportListener listener, long total) {
    this.folder = folder;
    this.format = format;
    this.listener = listener;
    this.total = total;
  }

  void write(Shards shards, CheckpointWeights weights) throws IOException {
    for (Map.Entry<String, List<TensorDeclaration>> file : shards.files().entrySet()) {
      listener.phase("writing " + file.getKey());
      try (WeightSink sink = format.open(folder.resolve(file.getKey()), file.getValue(), weights)) {
        for (TensorDeclaration tensor : file.getValue()) {
          if (weights.sharedWith(tensor.name()).equals(tensor.name())) {
            write(sink, tensor.name(), weights);
          }
        }
        sink.finish();
      }
    }
  }

  private void write(WeightSink file, String key, CheckpointWeights weights) throws IOException {
    file.write(
        key,
        sink ->
            weights.read(
                key,
                chunk -> {
                  InterruptionCheck.check();
                  written += chunk.remaining();
                  sink.accept(chunk);
                  listener.progress(written, total);
                }));
  }

  void write(String name, JsonObject json) throws IOException {
    write(name, (GSON.toJson(json) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  void write(String name, byte[] bytes) throws IOException {
    InterruptionCheck.check();
    DurableFile.write(folder.resolve(name), bytes);
  }
}
