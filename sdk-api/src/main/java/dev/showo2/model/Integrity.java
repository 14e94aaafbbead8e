package dev.showo2.model;

import dev.showo2.error.InvalidModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apiguardian.api.API;

/** How thoroughly the files of a bundle are compared with its manifest when it is opened. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Integrity {
  /**
   * Sizes only: finds what is missing or truncated. For bundles that only trusted hands can change.
   */
  SIZES,
  /** Sizes and SHA-256 of every file: also finds what was altered. Reads each file once. */
  HASHES;

  void check(Path directory, BundleManifest manifest) {
    for (BundleFile file : manifest.files()) {
      checkSize(directory.resolve(file.name()), file);
    }
    if (this == HASHES) {
      manifest.files().parallelStream()
          .forEach(file -> checkHash(directory.resolve(file.name()), file));
    }
  }

  private static void checkSize(Path path, BundleFile expected) {
    if (!Files.isRegularFile(path)) {
      throw new InvalidModelException(
          "the bundle's file " + path + " is missing; export the checkpoint again");
    }
    try {
      if (Files.size(path) != expected.size()) {
        throw new InvalidModelException(
            path
                + " should have "
                + expected.size()
                + " bytes, found "
                + Files.size(path)
                + "; it is truncated or altered, export the checkpoint again");
      }
    } catch (IOException e) {
      throw new InvalidModelException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  private static void checkHash(Path path, BundleFile expected) {
    try {
      String found = Sha256.of(path);
      if (!found.equals(expected.sha256())) {
        throw new InvalidModelException(
            path
                + " was altered: its SHA-256 should be "
                + expected.sha256()
                + ", found "
                + found
                + "; export the checkpoint again");
      }
    } catch (IOException e) {
      throw new InvalidModelException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }
}
