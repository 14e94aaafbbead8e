package dev.showo2.export.internal.io;

import com.google.gson.JsonObject;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.model.internal.StrictJson;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apiguardian.api.API;

/** The JSON files beside weights: untrusted, and read only up to a size that is sensible. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class JsonFile {

  /** The largest that is known, the index of the 7B model, has 100 kB. */
  private static final int MAX_BYTES = 16 << 20;

  private JsonFile() {}

  /**
   * Reads a file of at most 16 MiB.
   *
   * @throws InvalidModelException if it is not there, too large, or not exactly one JSON object
   */
  public static JsonFields read(Path file) {
    return read(file, MAX_BYTES);
  }

  /**
   * Reads a file that is known to be smaller than others.
   *
   * @throws InvalidModelException if it is not there, too large, or not exactly one JSON object
   */
  public static JsonFields read(Path file, int maxBytes) {
    return JsonFields.of(object(file, maxBytes), file.toString());
  }

  /**
   * Reads a file that only some checkpoints have.
   *
   * @throws InvalidModelException if it is a {@link Placeholder}, too large, or not exactly one
   *     JSON object
   */
  public static Optional<JsonFields> readIfThere(Path file) {
    Placeholder.refuse(file);
    return Files.isRegularFile(file) ? Optional.of(read(file)) : Optional.empty();
  }

  private static JsonObject object(Path file, int maxBytes) {
    Placeholder.refuse(file);
    try {
      if (!Files.isRegularFile(file)) {
        throw new InvalidModelException("no file at " + file);
      }
      if (Files.size(file) > maxBytes) {
        throw new InvalidModelException(
            file + " has " + Files.size(file) + " bytes, none is larger than " + maxBytes);
      }
      return StrictJson.parseObject(Files.readString(file), file.toString());
    } catch (MalformedInputException e) {
      throw new InvalidModelException(file + " is not text in UTF-8", e);
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e, () -> new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e));
    }
  }
}
