package dev.showo2.conformance.golden.record;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.ShowO2;
import dev.showo2.model.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The files of a recording: one for each case, and the list of them. */
final class CaseFiles {

  private final Path folder;
  private final JsonArray cases = new JsonArray();
  private long bytes;

  CaseFiles(Path folder) {
    this.folder = folder;
  }

  /** Of all files so far. */
  long bytes() {
    return bytes;
  }

  /**
   * Writes a case's file and keeps the case for the list.
   *
   * @return how many bytes the file has
   */
  long write(CaseDraft draft) throws IOException {
    // Wide types first, so that every tensor is aligned to its elements.
    List<RecordedTensor> tensors =
        draft.tensors().stream()
            .sorted(Comparator.comparing(t -> -t.declaration().type().byteSize()))
            .toList();
    String file = draft.name() + ".safetensors";
    long size;
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(
            folder.resolve(file),
            tensors.stream().map(RecordedTensor::declaration).toList(),
            Map.of())) {
      for (RecordedTensor tensor : tensors) {
        writer.write(tensor.declaration().name(), tensor::writeTo);
      }
      size = writer.finish().size();
    }
    JsonObject announced = new JsonObject();
    draft.tensors().forEach(t -> announced.add(t.declaration().name(), t.announcement()));
    JsonObject json = draft.settings().deepCopy();
    // Paths start from the folder above, whose part "goldens" is this one by whatever name.
    json.addProperty("file", "goldens/" + file);
    json.add("tensors", announced);
    cases.add(json);
    bytes += size;
    return size;
  }

  /** Writes {@code cases.json}, with who recorded it, which readers do not need. */
  void writeList(RecordRequest request) throws IOException {
    JsonObject recorder = new JsonObject();
    recorder.addProperty("backend", request.provider().id());
    recorder.addProperty("backend_version", request.provider().info().version());
    recorder.addProperty("precision", request.bundle().manifest().precision().toString());
    recorder.addProperty("seed", request.seed());
    recorder.addProperty("sdk_version", sdkVersion());
    JsonObject json = new JsonObject();
    json.addProperty("checkpoint", request.bundle().manifest().name());
    json.add("recorded_by", recorder);
    json.add("cases", cases);
    String text =
        new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(json) + "\n";
    Path file = folder.resolve("cases.json");
    Files.writeString(file, text);
    bytes += Files.size(file);
  }

  private static String sdkVersion() {
    String version = ShowO2.class.getPackage().getImplementationVersion();
    return version == null ? "not packaged" : version;
  }
}
