package dev.showo2.conformance.internal.golden;

import dev.showo2.error.InvalidModelException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apiguardian.api.API;

/**
 * Resolves the files that {@code cases.json} names. Its paths start from the checkpoint's folder,
 * the parent of the goldens; {@code goldens/} is the folder of {@code cases.json} itself, whatever
 * it is called now, so that a renamed copy is read and not the file beside it.
 */
@API(status = API.Status.INTERNAL)
public record GoldenFiles(Path goldens) {

  /** The name of the folder of goldens within a checkpoint. */
  public static final String GOLDENS = "goldens";

  public GoldenFiles {
    goldens = goldens.toAbsolutePath().normalize();
  }

  /**
   * Refuses a path that leaves the folder; links that the owner of the disk made are followed.
   *
   * @param where what names the file, for the message
   */
  public static Path requireConfined(String name, String where) {
    try {
      Path relative = Path.of(name);
      if (!name.isEmpty() && relative.getRoot() == null && !climbs(relative)) {
        return relative;
      }
    } catch (InvalidPathException e) {
      throw new InvalidModelException(where + ": '" + name + "' is no path", e);
    }
    throw new InvalidModelException(
        where + ": '" + name + "' leaves the folder; name a file within the checkpoint's folder");
  }

  private static boolean climbs(Path relative) {
    for (Path part : relative) {
      if (part.toString().equals("..")) {
        return true;
      }
    }
    return false;
  }

  /**
   * @param where what names the file, for the message
   * @throws InvalidModelException if the path leaves the folder or there is no such file
   */
  Path resolve(String name, String where) {
    Path relative = requireConfined(name, where);
    boolean inGoldens = relative.startsWith(GOLDENS) && relative.getNameCount() > 1;
    Path inside =
        goldens.resolve(inGoldens ? relative.subpath(1, relative.getNameCount()) : relative);
    if (Files.isRegularFile(inside)) {
      return inside;
    }
    Path beside = goldens.resolveSibling(relative);
    if (!inGoldens && Files.isRegularFile(beside)) {
      return beside;
    }
    throw new InvalidModelException(where + ": there is no file '" + name + "'");
  }
}
