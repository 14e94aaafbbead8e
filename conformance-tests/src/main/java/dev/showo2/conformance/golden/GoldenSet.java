package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.golden.GoldenFiles;
import dev.showo2.conformance.internal.golden.RecordedCase;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.internal.JsonFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * The cases of one {@code cases.json} in the reference format. Immutable; tensors are read when a
 * case needs them.
 *
 * @param checkpoint the checkpoint that the goldens were computed with
 * @param cases in the order of the file
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GoldenSet(String checkpoint, List<GoldenCase> cases) {

  private static final String FILE_NAME = "cases.json";

  private static final long MAX_BYTES = 64 << 20;

  /**
   * Copies the list and refuses two cases of one name.
   *
   * @param checkpoint the checkpoint that the goldens were computed with
   * @param cases in the order of the file
   * @throws InvalidModelException if two cases have the same name
   */
  public GoldenSet {
    cases = List.copyOf(cases);
    Set<String> names = new HashSet<>();
    for (GoldenCase golden : cases) {
      if (!names.add(golden.name())) {
        throw new InvalidModelException("two cases are named '" + golden.name() + "'");
      }
    }
  }

  /**
   * Reads the list of cases.
   *
   * @param directory the folder that holds {@code cases.json}, or the checkpoint whose {@code
   *     goldens} folder does
   * @return the set of cases
   * @throws InvalidModelException if there is no such file, it is malformed, or it names a file
   *     outside the checkpoint's folder
   */
  public static GoldenSet open(Path directory) {
    Path file = file(directory);
    if (!Files.isRegularFile(file)) {
      throw new InvalidModelException("no " + FILE_NAME + " in " + directory);
    }
    JsonFields json = JsonFields.parse(text(file), file.toString());
    GoldenFiles files = new GoldenFiles(file.toAbsolutePath().getParent());
    return new GoldenSet(
        json.string("checkpoint"),
        json.objects("cases").stream()
            .map(fields -> RecordedCase.read(fields, files))
            .collect(Collectors.toList()));
  }

  /**
   * {@return whether a folder or checkpoint has a list of cases, as {@link #open} looks for it}
   *
   * @param directory the folder of goldens, or that of a checkpoint
   */
  public static boolean isIn(Path directory) {
    return Files.isRegularFile(file(directory));
  }

  private static Path file(Path directory) {
    Path file = directory.resolve(FILE_NAME);
    return Files.isRegularFile(file)
        ? file
        : directory.resolve(GoldenFiles.GOLDENS).resolve(FILE_NAME);
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new InvalidModelException(
            file + " has " + Files.size(file) + " bytes, more than any list of cases needs");
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
