package dev.showo2.export.synthetic;

import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.model.Architecture;
import dev.showo2.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The language head where it is the embedding matrix.
 *
 * @param secondNames the embedding's key by the head's, where the files have both
 */
record TiedHead(Map<String, String> secondNames) {

  static TiedHead of(Architecture sizes, CheckpointFormat format) {
    boolean twice = sizes.backbone().tiedEmbeddings() && format == CheckpointFormat.BIN;
    return new TiedHead(twice ? Map.of(ModelKeys.LANGUAGE_HEAD, ModelKeys.EMBEDDING) : Map.of());
  }

  /** All keys, the second name behind the first. */
  Map<String, Shape> addTo(Map<String, Shape> keys) {
    Map<String, Shape> all = new LinkedHashMap<>();
    keys.forEach(
        (key, shape) -> {
          all.put(key, shape);
          secondNames.forEach(
              (second, first) -> {
                if (first.equals(key)) {
                  all.put(second, shape);
                }
              });
        });
    return all;
  }
}
