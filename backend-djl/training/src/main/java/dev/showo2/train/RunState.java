package dev.showo2.train;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.export.internal.io.JsonFile;
import dev.showo2.model.BundleFile;
import dev.showo2.model.internal.JsonFields;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of a checkpoint that is no weights.
 *
 * @param step updates of the run
 * @param source state of the data behind the step
 * @param identity what a run that goes on must share, by name
 * @param rows trained so far
 * @param seconds of training so far
 * @param files of the checkpoint
 */
record RunState(
    long step,
    String source,
    Map<String, String> identity,
    long rows,
    double seconds,
    List<BundleFile> files) {

  static final String FILE = "state.json";

  private static final int FORMAT = 1;

  String toJson() {
    JsonObject root = new JsonObject();
    root.addProperty("format", FORMAT);
    root.addProperty("step", step);
    root.addProperty("rows", rows);
    root.addProperty("seconds", seconds);
    JsonObject shared = new JsonObject();
    identity.forEach(shared::addProperty);
    root.add("identity", shared);
    root.addProperty("source", source);
    JsonArray list = new JsonArray();
    for (BundleFile file : files) {
      JsonObject entry = new JsonObject();
      entry.addProperty("name", file.name());
      entry.addProperty("size", file.size());
      entry.addProperty("sha256", file.sha256());
      list.add(entry);
    }
    root.add("files", list);
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(root) + "\n";
  }

  /**
   * @throws dev.showo2.error.InvalidModelException if the file is missing or corrupt
   */
  static RunState read(Path checkpoint) {
    JsonFields root = JsonFile.read(checkpoint.resolve(FILE));
    root.longInteger("format", FORMAT, FORMAT);
    JsonFields shared = root.object("identity");
    Map<String, String> identity = new LinkedHashMap<>();
    for (String name : shared.names()) {
      identity.put(name, shared.string(name));
    }
    List<BundleFile> files =
        root.objects("files").stream()
            .map(
                file ->
                    new BundleFile(
                        file.string("name"),
                        file.longInteger("size", 0, Long.MAX_VALUE),
                        file.string("sha256")))
            .toList();
    return new RunState(
        root.longInteger("step", 0, Long.MAX_VALUE),
        root.string("source"),
        identity,
        root.longInteger("rows", 0, Long.MAX_VALUE),
        root.number("seconds"),
        files);
  }
}
