package dev.showo2.conformance.internal.golden;

import com.google.gson.JsonElement;
import dev.showo2.conformance.golden.GoldenCase;
import dev.showo2.conformance.internal.golden.pass.Span;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.TensorInfo;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apiguardian.api.API;

/** A golden case as {@code cases.json} and a safetensors file hold it. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class RecordedCase implements GoldenCase {

  private final JsonFields json;
  private final GoldenFiles files;
  private final String name;
  private final String stage;
  private final String file;
  private final Map<String, GoldenTensor> tensors;

  private RecordedCase(JsonFields json, GoldenFiles files, Map<String, GoldenTensor> tensors) {
    this.json = json;
    this.files = files;
    this.tensors = tensors;
    name = json.string("name");
    stage = json.string("stage");
    file = json.string("file");
    GoldenFiles.requireConfined(file, where());
  }

  /** The same case with its data. */
  public static RecordedCase of(GoldenCase golden) {
    if (golden instanceof RecordedCase recorded) {
      return recorded;
    }
    throw new IllegalArgumentException(
        "only the cases of a GoldenSet can be run, but found " + golden.getClass().getName());
  }

  /** Reads what is announced of a case. */
  public static RecordedCase read(JsonFields json, GoldenFiles files) {
    Map<String, GoldenTensor> tensors = new LinkedHashMap<>();
    JsonFields announced = json.object("tensors");
    for (String tensor : announced.names()) {
      tensors.put(tensor, GoldenTensor.read(tensor, announced.object(tensor)));
    }
    return new RecordedCase(json, files, tensors);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
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

  Set<String> tensorNames() {
    return tensors.keySet();
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

  @Override
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

  /** A tensor as {@code cases.json} announces it. */
  private record GoldenTensor(String name, Shape shape, ElementType type) {

    static GoldenTensor read(String name, JsonFields json) {
      try {
        return new GoldenTensor(name, Shape.of(json.longs("shape")), type(json));
      } catch (IllegalArgumentException e) {
        throw json.wrong("shape", "the sizes of a tensor");
      }
    }

    /** The names are PyTorch's. */
    private static ElementType type(JsonFields json) {
      String name = json.string("dtype");
      return switch (name) {
        case "uint8" -> ElementType.UINT8;
        case "bool" -> ElementType.BOOL;
        case "int8", "int16", "int32", "int64", "float16", "float32", "float64", "bfloat16" ->
            ElementType.valueOf(name.toUpperCase(Locale.ROOT));
        default -> throw json.wrong("dtype", "a PyTorch type such as float32");
      };
    }

    void requireIn(SafetensorsFile file) {
      TensorInfo found = file.tensor(name);
      if (found.type() != type || !found.shape().equals(shape)) {
        throw new InvalidModelException(
            file.path()
                + ": '"
                + name
                + "' is announced as "
                + type
                + " "
                + shape
                + ", found "
                + found.type()
                + " "
                + found.shape());
      }
    }
  }
}
