package dev.showo2.export.internal.write;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.showo2.export.ExportListener;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.io.DurableFile;
import dev.showo2.export.internal.io.InterruptionCheck;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;

/** Writes the files of a checkpoint into one folder. Not thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class CheckpointFiles {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private final Path folder;
  private final ExportListener listener;
  private final long total;
  private long written;

  /**
   * @param total bytes of all weights that will be written, for the listener
   */
  public CheckpointFiles(Path folder, ExportListener listener, long total) {
    this.folder = folder;
    this.listener = listener;
    this.total = total;
  }

  /** Writes weight files; tensors that share the values of an earlier one are left out. */
  public void write(Shards shards, WeightFormat format, CheckpointWeights weights)
      throws IOException {
    for (Map.Entry<String, List<TensorDeclaration>> file : shards.files().entrySet()) {
      listener.phase("writing " + file.getKey());
      try (WeightFormat.Writer sink =
          format.create(folder.resolve(file.getKey()), file.getValue(), weights)) {
        for (TensorDeclaration tensor : file.getValue()) {
          if (weights.sharedWith(tensor.name()).equals(tensor.name())) {
            write(sink, tensor.name(), weights);
          }
        }
        sink.finish();
      }
    }
  }

  private void write(WeightFormat.Writer file, String key, CheckpointWeights weights)
      throws IOException {
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

  /** Writes a JSON file. */
  public void write(String name, JsonObject json) throws IOException {
    write(name, (GSON.toJson(json) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Writes any other file. */
  public void write(String name, byte[] bytes) throws IOException {
    InterruptionCheck.check();
    DurableFile.write(folder.resolve(name), bytes);
  }

  /**
   * Assignment of weights to files, with the names of Hugging Face's libraries.
   *
   * @param files the tensors of each by its name, in the order in which they are written
   * @param totalBytes of all values; those that two tensors share count once
   */
  @API(status = API.Status.INTERNAL, since = "0.1")
  public record Shards(Map<String, List<TensorDeclaration>> files, long totalBytes) {

    /**
     * @param fileName from what tells several files apart, such as {@code -00001-of-00002}, or the
     *     empty text if there is only one
     * @param limit bytes of values per file, unless a single tensor has more
     */
    public static Shards of(UnaryOperator<String> fileName, CheckpointWeights weights, long limit) {
      List<List<TensorDeclaration>> shards = new ArrayList<>();
      long total = 0;
      long room = 0;
      for (String key : weights.names()) {
        TensorDeclaration tensor =
            new TensorDeclaration(key, weights.type(key), weights.shape(key));
        // A second name follows the first, so that both find the values in one file.
        long bytes = weights.sharedWith(key).equals(key) ? tensor.byteLength() : 0;
        if (shards.isEmpty() || bytes > 0 && bytes > room) {
          shards.add(new ArrayList<>());
          room = limit;
        }
        shards.get(shards.size() - 1).add(tensor);
        room -= bytes;
        total += bytes;
      }
      return new Shards(named(shards, fileName), total);
    }

    private static Map<String, List<TensorDeclaration>> named(
        List<List<TensorDeclaration>> shards, UnaryOperator<String> fileName) {
      Map<String, List<TensorDeclaration>> files = new LinkedHashMap<>();
      for (int i = 0; i < shards.size(); i++) {
        String part =
            shards.size() == 1
                ? ""
                : String.format(Locale.ROOT, "-%05d-of-%05d", i + 1, shards.size());
        files.put(fileName.apply(part), shards.get(i));
      }
      return files;
    }

    /** The file beside the weight files if they are several: {@code *.index.json}. */
    public Optional<JsonObject> index() {
      if (files.size() == 1) {
        return Optional.empty();
      }
      JsonObject metadata = new JsonObject();
      metadata.addProperty("total_size", totalBytes);
      JsonObject map = new JsonObject();
      files.forEach(
          (file, tensors) -> tensors.forEach(tensor -> map.addProperty(tensor.name(), file)));
      JsonObject index = new JsonObject();
      index.add("metadata", metadata);
      index.add("weight_map", map);
      return Optional.of(index);
    }
  }
}
