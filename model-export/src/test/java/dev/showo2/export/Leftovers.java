package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Exports that fail, and what they leave. */
final class Leftovers {

  private Leftovers() {}

  /**
   * Nothing of the bundle may be left, neither at its path nor beside it, and the message helps.
   */
  static <T extends Exception> T assertRefused(
      Class<T> type, ExportRequest request, ExportListener listener, String... parts)
      throws IOException {
    Path parent = request.bundle().getParent();
    List<String> before = names(parent);
    T failure = assertThrows(type, () -> ModelExporter.export(request, listener));
    for (String part : parts) {
      assertTrue(
          failure.getMessage().contains(part), () -> "'" + part + "' is missing in: " + failure);
    }
    assertEquals(before, names(parent), "nothing is left");
    return failure;
  }

  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
