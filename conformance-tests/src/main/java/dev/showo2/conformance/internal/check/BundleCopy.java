package dev.showo2.conformance.internal.check;

import dev.showo2.model.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A bundle's files in a folder of their own, to be spoilt and then deleted. */
record BundleCopy(Path path) implements AutoCloseable {

  static BundleCopy of(Bundle bundle) throws IOException {
    BundleCopy copy = new BundleCopy(Files.createTempDirectory("showo2-copy"));
    try {
      for (Path file : files(bundle.directory())) {
        Files.copy(file, copy.path().resolve(file.getFileName().toString()));
      }
      return copy;
    } catch (IOException | RuntimeException e) {
      try (copy) {
        throw e;
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Override
  public void close() throws IOException {
    for (Path file : files(path)) {
      Files.delete(file);
    }
    Files.delete(path);
  }
}
