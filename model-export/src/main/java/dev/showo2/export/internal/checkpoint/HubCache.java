package dev.showo2.export.internal.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.internal.Interruptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * The layout in which Hugging Face's libraries keep downloads: {@code models--ORG--NAME} with
 * {@code snapshots/COMMIT}, whose files are links to {@code blobs}, and {@code refs/main}, which
 * holds the commit that was current.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class HubCache {

  private static final String SNAPSHOTS = "snapshots";
  private static final Pattern REPOSITORY = Pattern.compile("models--(.+)");

  /** A plain name: it cannot leave the folder. */
  private static final Pattern COMMIT = Pattern.compile("[0-9A-Za-z]{1,64}");

  private static final int MAX_REF_BYTES = 1024;
  private static final int MAX_LISTED = 20;

  private HubCache() {}

  /**
   * The folder that holds the files: a snapshot of a repository, any other folder as it is.
   *
   * @throws InvalidModelException if it cannot be told which snapshot is meant
   */
  public static Path resolve(Path folder) {
    return repository(folder).isPresent() && Files.isDirectory(folder.resolve(SNAPSHOTS))
        ? snapshot(folder)
        : folder;
  }

  /** ORG/NAME of a folder {@code models--ORG--NAME} or of a snapshot in one. */
  public static Optional<String> repository(Path folder) {
    Path whole = folder.toAbsolutePath().normalize();
    Path parent = whole.getParent();
    boolean snapshot = parent != null && parent.endsWith(SNAPSHOTS);
    return Optional.ofNullable(snapshot ? parent.getParent() : whole)
        .map(Path::getFileName)
        .map(name -> REPOSITORY.matcher(name.toString()))
        .filter(matcher -> matcher.matches())
        .map(matcher -> matcher.group(1).replace("--", "/"));
  }

  private static Path snapshot(Path repository) {
    Path snapshots = repository.resolve(SNAPSHOTS);
    Path main = repository.resolve("refs").resolve("main");
    try {
      List<String> names = names(snapshots);
      if (Files.isRegularFile(main)) {
        String commit = commit(main);
        if (!names.contains(commit)) {
          throw new InvalidModelException(
              main + " names the snapshot " + commit + ", which is not there; " + which(names));
        }
        return snapshots.resolve(commit);
      }
      if (names.size() != 1) {
        throw new InvalidModelException(
            repository + " has no refs/main that tells its snapshot; " + which(names));
      }
      return snapshots.resolve(names.get(0));
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e,
          () -> new InvalidModelException("cannot read " + repository + ": " + e.getMessage(), e));
    }
  }

  private static String commit(Path ref) throws IOException {
    if (Files.size(ref) <= MAX_REF_BYTES) {
      String commit = Files.readString(ref).strip();
      if (COMMIT.matcher(commit).matches()) {
        return commit;
      }
    }
    throw new InvalidModelException(ref + " should hold the name of a snapshot; get it again");
  }

  private static List<String> names(Path snapshots) throws IOException {
    try (Stream<Path> entries = Files.list(snapshots)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> entry.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static String which(List<String> names) {
    if (names.isEmpty()) {
      return "there is no snapshot: download the model again";
    }
    String listed = String.join(", ", names.subList(0, Math.min(MAX_LISTED, names.size())));
    return names.size() <= MAX_LISTED
        ? "name the folder of one of these: " + listed
        : "name the folder of one of these: "
            + listed
            + " and "
            + (names.size() - MAX_LISTED)
            + " more";
  }
}
