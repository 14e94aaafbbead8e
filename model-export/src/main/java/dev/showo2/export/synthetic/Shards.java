package dev.showo2.export.synthetic;

import com.google.gson.JsonObject;
import dev.showo2.export.checkpoint.TensorDeclaration;
import dev.showo2.export.checkpoint.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How weights are split over files, in the way and with the names of Hugging Face's libraries.
 *
 * @param files the tensors of each by its name, in the order in which they are written
 */
record Shards(Map<String, List<TensorDeclaration>> files) {

  /**
   * @param name of the file if it is only one, such as {@code model}
   * @param limit bytes of values per file, unless a single tensor has more
   */
  static Shards of(String name, Weights weights, long limit) {
    List<List<TensorDeclaration>> shards = split(weights, limit);
    Map<String, List<TensorDeclaration>> files = new LinkedHashMap<>();
    for (int i = 0; i < shards.size(); i++) {
      String part =
          shards.size() == 1
              ? ""
              : String.format(Locale.ROOT, "-%05d-of-%05d", i + 1, shards.size());
      files.put(name + part + ".safetensors", shards.get(i));
    }
    return new Shards(files);
  }

  private static List<List<TensorDeclaration>> split(Weights weights, long limit) {
    List<List<TensorDeclaration>> shards = new ArrayList<>();
    long room = 0;
    for (String key : weights.names()) {
      TensorDeclaration tensor = new TensorDeclaration(key, weights.type(key), weights.shape(key));
      if (shards.isEmpty() || tensor.byteLength() > room) {
        shards.add(new ArrayList<>());
        room = limit;
      }
      shards.get(shards.size() - 1).add(tensor);
      room -= tensor.byteLength();
    }
    return shards;
  }

  long totalBytes() {
    return files.values().stream()
        .flatMap(List::stream)
        .mapToLong(TensorDeclaration::byteLength)
        .sum();
  }

  /** What lies beside the files if they are several: {@code *.safetensors.index.json}. */
  Optional<JsonObject> index() {
    if (files.size() == 1) {
      return Optional.empty();
    }
    JsonObject metadata = new JsonObject();
    metadata.addProperty("total_size", totalBytes());
    JsonObject map = new JsonObject();
    files.forEach(
        (file, tensors) -> tensors.forEach(tensor -> map.addProperty(tensor.name(), file)));
    JsonObject index = new JsonObject();
    index.add("metadata", metadata);
    index.add("weight_map", map);
    return Optional.of(index);
  }
}
