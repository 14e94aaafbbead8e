package dev.showo2.conformance.golden;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.TensorInfo;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.util.Locale;

/** A tensor as {@code cases.json} announces it. */
record GoldenTensor(String name, Shape shape, ElementType type) {

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
