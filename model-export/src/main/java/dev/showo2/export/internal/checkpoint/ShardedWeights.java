package dev.showo2.export.internal.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.io.JsonFile;
import dev.showo2.model.internal.JsonFields;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/** Opens a checkpoint that is split over several files. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ShardedWeights {

  private static final int MAX_LISTED = 20;

  private final ShardIndex index;
  private final Map<String, CheckpointWeights> files = new LinkedHashMap<>();
  private final OpenedWeights opened = new OpenedWeights();

  private ShardedWeights(ShardIndex index) {
    this.index = index;
  }

  public static CheckpointWeights open(Path indexFile) {
    ShardedWeights shards = new ShardedWeights(ShardIndex.read(indexFile));
    try {
      shards.openFiles();
      return shards.joined();
    } catch (RuntimeException | Error e) {
      shards.opened.closeAfter(e);
      throw e;
    }
  }

  /** The shards that an index names, in its order. */
  public static List<Path> files(Path indexFile) {
    return new LinkedHashSet<>(ShardIndex.read(indexFile).shards().values())
        .stream().map(indexFile::resolveSibling).toList();
  }

  private void openFiles() {
    List<String> problems = new ArrayList<>();
    for (String name : new LinkedHashSet<>(index.shards().values())) {
      Path shard = index.path().resolveSibling(name);
      if (Files.notExists(shard, LinkOption.NOFOLLOW_LINKS)) {
        problems.add("the shard " + name + " is missing");
        continue;
      }
      try {
        files.put(name, opened.add(FileFormat.open(shard)));
      } catch (InvalidModelException e) {
        problems.add(e.getMessage());
      }
    }
    index.shards().forEach((key, name) -> checkPresent(key, name, problems));
    files.forEach((name, shard) -> checkListed(name, shard, problems));
    if (!problems.isEmpty()) {
      throw incomplete(problems);
    }
  }

  private void checkPresent(String key, String name, List<String> problems) {
    CheckpointWeights shard = files.get(name);
    if (shard != null && !shard.names().contains(key) && !shard.unreadable().containsKey(key)) {
      problems.add("the index puts '" + key + "' into " + name + ", which does not have it");
    }
  }

  private void checkListed(String name, CheckpointWeights shard, List<String> problems) {
    for (String key : shard.names()) {
      boolean noted = !shard.sharedWith(key).equals(key) && !index.shards().containsKey(key);
      if (!noted && !name.equals(index.shards().get(key))) {
        problems.add(name + " has '" + key + "', which the index does not put there");
      }
    }
  }

  private InvalidModelException incomplete(List<String> problems) {
    StringBuilder message = new StringBuilder();
    message.append(index.path()).append(" and its shards do not fit together:");
    problems.stream().limit(MAX_LISTED).forEach(p -> message.append("\n  - ").append(p));
    if (problems.size() > MAX_LISTED) {
      message.append("\n  - and ").append(problems.size() - MAX_LISTED).append(" more");
    }
    return new InvalidModelException(
        message.append("\nGet the files again, all from the same release.").toString());
  }

  /** In the order of the index. */
  private CheckpointWeights joined() {
    Map<String, CheckpointWeights> byName = new LinkedHashMap<>();
    Map<String, String> unreadable = new LinkedHashMap<>();
    index
        .shards()
        .forEach(
            (key, name) -> {
              String type = files.get(name).unreadable().get(key);
              if (type == null) {
                byName.put(key, files.get(name));
              } else {
                unreadable.put(key, type);
              }
            });
    return new JoinedWeights(index.path(), byName, unreadable, opened);
  }

  /**
   * Contents of an {@code *.index.json}: the shard that holds each tensor.
   *
   * @param shards file name by key, in the order of the index
   */
  private record ShardIndex(Path path, Map<String, String> shards) {

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
}
