package dev.showo2.export.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A checkpoint that is split over several files. */
final class ShardedWeights implements Weights {

  private static final int MAX_LISTED = 20;

  private final ShardIndex index;
  private final Map<String, Weights> files;

  private ShardedWeights(ShardIndex index, Map<String, Weights> files) {
    this.index = index;
    this.files = files;
  }

  static ShardedWeights open(Path indexFile) {
    ShardIndex index = ShardIndex.read(indexFile);
    ShardedWeights weights = new ShardedWeights(index, new LinkedHashMap<>());
    try {
      weights.openShards();
      return weights;
    } catch (RuntimeException | Error e) {
      weights.closeAfter(e);
      throw e;
    }
  }

  private void openShards() {
    List<String> problems = new ArrayList<>();
    for (String name : new LinkedHashSet<>(index.shards().values())) {
      Path shard = index.path().resolveSibling(name);
      if (Files.notExists(shard, LinkOption.NOFOLLOW_LINKS)) {
        problems.add("the shard " + name + " is missing");
        continue;
      }
      try {
        files.put(name, Checkpoints.openFile(shard));
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
    Weights shard = files.get(name);
    if (shard != null && !shard.names().contains(key)) {
      problems.add("the index puts '" + key + "' into " + name + ", which does not have it");
    }
  }

  private void checkListed(String name, Weights shard, List<String> problems) {
    for (String key : shard.names()) {
      if (!name.equals(index.shards().get(key))) {
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

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(index.shards().keySet());
  }

  @Override
  public Shape shape(String name) {
    return shard(name).shape(name);
  }

  @Override
  public ElementType type(String name) {
    return shard(name).type(name);
  }

  @Override
  public String sharedWith(String name) {
    return shard(name).sharedWith(name);
  }

  @Override
  public void read(String name, TensorSink sink) throws IOException {
    shard(name).read(name, sink);
  }

  private Weights shard(String name) {
    String file = index.shards().get(name);
    if (file == null) {
      throw new InvalidModelException(index.path() + " has no tensor '" + name + "'");
    }
    return files.get(file);
  }

  @Override
  public void close() {
    InvalidModelException failure = null;
    for (Weights shard : files.values()) {
      try {
        shard.close();
      } catch (InvalidModelException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void closeAfter(Throwable failure) {
    try {
      close();
    } catch (InvalidModelException e) {
      failure.addSuppressed(e);
    }
  }
}
