package dev.showo2.samples.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a folder that a command has made.
 *
 * @param folder with its whole path
 * @param bytes of each file by name
 */
record FolderSummary(String folder, Map<String, Long> bytes) {

  static FolderSummary of(Path folder) throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        sizes.put(file.getFileName().toString(), Files.size(file));
      }
    }
    return new FolderSummary(OutputFile.absolute(folder).toString(), sizes);
  }

  void print(ResultOptions result, PrintWriter writer) {
    if (result.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("folder", folder);
      json.add("files", files());
      json.addProperty("bytes", total());
      ResultOptions.print(json, writer);
    } else {
      writer.println("Wrote " + folder + ":");
      Table table = new Table();
      bytes.forEach((name, size) -> table.row(name, Table.bytes(size)));
      writer.print(table.row(bytes.size() + " files", Table.bytes(total())));
      writer.flush();
    }
  }

  private long total() {
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  private JsonArray files() {
    JsonArray files = new JsonArray();
    bytes.forEach(
        (name, size) -> {
          JsonObject file = new JsonObject();
          file.addProperty("name", name);
          file.addProperty("bytes", size);
          files.add(file);
        });
    return files;
  }
}
