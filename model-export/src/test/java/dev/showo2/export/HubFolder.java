package dev.showo2.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Builds a repository of Hugging Face's cache as its libraries lay it out. */
record HubFolder(Path path) {

  static HubFolder create(Path cache, String repository) throws IOException {
    Path path = cache.resolve("models--" + repository.replace("/", "--"));
    Files.createDirectories(path.resolve("blobs"));
    return new HubFolder(path);
  }

  /** Moves files into blobs, with links to them in a snapshot. */
  HubFolder snapshot(String commit, Path source, String... names) throws IOException {
    Path snapshot = Files.createDirectories(snapshot(commit));
    for (String name : names.length == 0 ? Leftovers.names(source) : List.of(names)) {
      Files.move(source.resolve(name), blob(name));
      Files.createSymbolicLink(
          snapshot.resolve(name), Path.of("..", "..", "blobs").resolve(blob(name).getFileName()));
    }
    return this;
  }

  HubFolder main(String commit) throws IOException {
    Files.createDirectories(path.resolve("refs"));
    Files.writeString(path.resolve("refs").resolve("main"), commit);
    return this;
  }

  Path snapshot(String commit) {
    return path.resolve("snapshots").resolve(commit);
  }

  Path blob(String name) {
    return path.resolve("blobs").resolve(Integer.toHexString(name.hashCode()));
  }
}
