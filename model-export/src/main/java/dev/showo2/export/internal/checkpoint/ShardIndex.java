package dev.showo2.export.internal.checkpoint;

import dev.showo2.export.internal.io.JsonFile;
import dev.showo2.model.internal.JsonFields;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a {@code *.index.json} says: which shard holds which tensor.
 *
 * @param shards file name by key, in the order of the index
 */
record ShardIndex(Path path, Map<String, String> shards) {

  /** A plain name: it cannot leave the folder, on any system. */
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,254}");

  static ShardIndex read(Path path) {
    JsonFields map = JsonFile.read(path).object("weight_map");
    Map<String, String> shards = new LinkedHashMap<>();
    for (String key : map.names()) {
      String file = map.string(key);
      if (!FILE_NAME.matcher(file).matches()) {
        throw map.wrong(key, "a plain file name in the folder of the index");
      }
      shards.put(key, file);
    }
    return new ShardIndex(path, shards);
  }
}
