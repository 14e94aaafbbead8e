package dev.showo2.conformance.golden;

import com.google.gson.JsonElement;
import dev.showo2.conformance.internal.golden.pass.Span;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apiguardian.api.API;

/** One case: inputs and outputs of one stage or task, as the reference computed them. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class GoldenCase {

  private final JsonFields json;
  private final GoldenFiles files;
  private final String name;
  private final String stage;
  private final String file;
  private final Map<String, GoldenTensor> tensors;

  private GoldenCase(JsonFields json, GoldenFiles files, Map<String, GoldenTensor> tensors) {
    this.json = json;
    this.files = files;
    this.tensors = tensors;
    name = json.string("name");
    stage = json.string("stage");
    file = json.string("file");
    GoldenFiles.requireConfined(file, where());
  }

  static GoldenCase read(JsonFields json, GoldenFiles files) {
    Map<String, GoldenTensor> tensors = new LinkedHashMap<>();
    JsonFields announced = json.object("tensors");
    for (String tensor : announced.names()) {
      tensors.put(tensor, GoldenTensor.read(tensor, announced.object(tensor)));
    }
    return new GoldenCase(json, files, tensors);
  }

  public String name() {
    return name;
  }

  /** The kind of case, such as {@code fusion} or {@code t2i}. */
  public String stage() {
    return stage;
  }

  /** Everything else that the case says: prompts, settings, spans. */
  JsonFields settings() {
    return json;
  }

  /** The file that a setting names, such as {@code image}. */
  Path file(String setting) {
    return files.resolve(json.string(setting), where());
  }

  boolean announces(String tensor) {
    return tensors.containsKey(tensor);
  }

  /**
   * @param rank that a case of this kind needs
   */
  Shape shape(String tensor, int rank) {
    Shape shape = announced(tensor).shape();
    if (shape.rank() != rank) {
      throw new InvalidModelException(
          where() + ": '" + tensor + "' should have " + rank + " axes, its shape is " + shape);
    }
    return shape;
  }

  /** The number of axes that a tensor has. */
  int rank(String tensor) {
    return announced(tensor).shape().rank();
  }

  /** Compares the file with all that is announced of it. */
  public void requireIntact() {
    try (SafetensorsFile opened = open()) {
      tensors.values().forEach(tensor -> tensor.requireIn(opened));
    }
  }

  HostTensor floats(String tensor) {
    return read(tensor, opened -> opened.readFloats(tensor));
  }

  long[] integers(String tensor) {
    return read(tensor, opened -> opened.readIntegers(tensor));
  }

  private <T> T read(String tensor, Function<SafetensorsFile, T> reading) {
    GoldenTensor announced = announced(tensor);
    try (SafetensorsFile opened = open()) {
      announced.requireIn(opened);
      return reading.apply(opened);
    }
  }

  private SafetensorsFile open() {
    return SafetensorsFile.open(files.resolve(file, where()));
  }

  private GoldenTensor announced(String tensor) {
    GoldenTensor announced = tensors.get(tensor);
    if (announced == null) {
      throw new InvalidModelException(
          where() + ": no tensor '" + tensor + "' is announced, only " + tensors.keySet());
    }
    return announced;
  }

  /**
   * The spans of each sequence, those of length 0 left out.
   *
   * @param sequences how many there are
   */
  List<List<Span>> spans(int sequences) {
    List<List<Span>> rows = new ArrayList<>();
    for (JsonElement row : json.array("spans")) {
      rows.add(Span.list(row, where()));
    }
    if (rows.size() != sequences) {
      throw json.wrong("spans", "one list for each of " + sequences + " sequences");
    }
    return rows;
  }

  private String where() {
    return "case '" + name + "'";
  }

  @Override
  public String toString() {
    return stage + " case '" + name + "'";
  }
}
