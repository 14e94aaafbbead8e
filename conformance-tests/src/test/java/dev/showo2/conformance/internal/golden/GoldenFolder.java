package dev.showo2.conformance.internal.golden;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.internal.golden.SafetensorsBytes.Ids;
import dev.showo2.tensor.HostTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes a folder of cases in the reference format. */
final class GoldenFolder {

  private final Path checkpoint;
  private final JsonArray cases = new JsonArray();

  GoldenFolder(Path checkpoint) {
    this.checkpoint = checkpoint;
  }

  /** Adds a case; {@code settings} is a JSON object of further fields. */
  GoldenFolder add(String name, String stage, Map<String, ?> tensors, String settings) {
    JsonObject json = JsonParser.parseString(settings).getAsJsonObject();
    json.addProperty("name", name);
    json.addProperty("stage", stage);
    String file = "goldens/" + name + ".safetensors";
    json.addProperty("file", file);
    JsonObject announced = new JsonObject();
    tensors.forEach(
        (tensor, values) -> {
          JsonObject entry = new JsonObject();
          boolean floats = values instanceof HostTensor;
          entry.add(
              "shape",
              SafetensorsBytes.dimensions(
                  floats ? ((HostTensor) values).shape() : ((Ids) values).shape()));
          entry.addProperty("dtype", floats ? "float32" : "int64");
          announced.add(tensor, entry);
        });
    json.add("tensors", announced);
    cases.add(json);
    write(file, SafetensorsBytes.of(tensors));
    return this;
  }

  /** Changes what {@code cases.json} says about the case added last. */
  GoldenFolder set(String field, String json) {
    cases.get(cases.size() - 1).getAsJsonObject().add(field, JsonParser.parseString(json));
    return this;
  }

  GoldenFolder write(String file, byte[] bytes) {
    try {
      Path path = checkpoint.resolve(file);
      Files.createDirectories(path.getParent());
      Files.write(path, bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  GoldenSet open() {
    JsonObject json = new JsonObject();
    json.addProperty("checkpoint", "test");
    json.add("cases", cases);
    write("goldens/cases.json", json.toString().getBytes(StandardCharsets.UTF_8));
    return GoldenSet.open(checkpoint.resolve("goldens"));
  }
}
