package dev.showo2.export.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.JsonFields;
import java.io.IOException;
import java.nio.file.Files;
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

  /** That of the 7B model has 100 kB. */
  private static final long MAX_BYTES = 16 << 20;

  /** A plain name: it cannot leave the folder, on any system. */
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,254}");

  static ShardIndex read(Path path) {
    JsonFields map = JsonFields.parse(text(path), path.toString()).object("weight_map");
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

  private static String text(Path path) {
    Placeholder.refuse(path);
    try {
      if (!Files.isRegularFile(path)) {
        throw new InvalidModelException("no index file at " + path);
      }
      if (Files.size(path) > MAX_BYTES) {
        throw new InvalidModelException(
            path + " has " + Files.size(path) + " bytes, no index is larger than " + MAX_BYTES);
      }
      return Files.readString(path);
    } catch (IOException e) {
      throw new InvalidModelException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }
}
