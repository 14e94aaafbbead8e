package dev.showo2.model;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.model.internal.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/** The thoroughness with which a bundle's files are compared with its manifest on opening. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public enum Integrity {
  /**
   * Sizes only: detects missing and truncated files. For bundles that only trusted parties can
   * change.
   */
  SIZES,
  /** Sizes and SHA-256 of every file: also detects altered files. Reads each file once. */
  HASHES;

  void check(Path directory, BundleManifest manifest) {
    for (BundleFile file : manifest.files()) {
      Path path = directory.resolve(file.name());
      checkSize(path, file);
      requireInside(directory, path);
    }
    if (this == HASHES) {
      List<String> altered =
          manifest.files().parallelStream()
              .map(file -> alteration(directory.resolve(file.name()), file))
              .flatMap(Optional::stream)
              .toList();
      if (!altered.isEmpty()) {
        throw new InvalidModelException(
            String.join("; ", altered) + "; export the checkpoint again");
      }
    }
  }

  /**
   * @throws InvalidModelException if the file is a symbolic link, or behind one, that leads out of
   *     the directory
   */
  static void requireInside(Path directory, Path file) {
    try {
      Path real = file.toRealPath();
      if (!directory.toRealPath().equals(real.getParent())) {
        throw new InvalidModelException(
            file
                + " is a link to "
                + real
                + ", outside the bundle; put the file itself into the bundle's directory"
                + (isBlob(real)
                    ? ". This is a cache of Hugging Face's hub: download the bundle into a plain"
                        + " folder, hf download REPOSITORY --local-dir FOLDER, or copy it with cp"
                        + " -rL"
                    : ""));
      }
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e, () -> new InvalidModelException("cannot read " + file + ": " + e, e));
    }
  }

  /** Whether a file is one of those that the links in a hub's cache lead to. */
  private static boolean isBlob(Path file) {
    Path folder = file.getParent();
    return folder != null && folder.endsWith("blobs");
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
      throw Interruptions.cancelledOr(
          e, () -> new InvalidModelException("cannot read " + path + ": " + e.getMessage(), e));
    }
  }

  private static Optional<String> alteration(Path path, BundleFile expected) {
    try {
      String found = Sha256.of(path);
      return found.equals(expected.sha256())
          ? Optional.empty()
          : Optional.of(
              path
                  + " was altered: its SHA-256 should be "
                  + expected.sha256()
                  + ", found "
                  + found);
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e, () -> new InvalidModelException("cannot read " + path + ": " + e.getMessage(), e));
    }
  }
}
