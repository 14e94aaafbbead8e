package dev.showo2.model;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Name, type and shape of a tensor to be written by a {@link SafetensorsWriter}.
 *
 * @param name any text but the empty one and {@code __metadata__}
 * @param type the storage type of the elements
 * @param shape the dimensions, outermost first
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TensorDeclaration(String name, ElementType type, Shape shape) {

  /**
   * Validates the name and the size.
   *
   * @param name any text but the empty one and {@code __metadata__}
   * @param type the storage type of the elements
   * @param shape the dimensions, outermost first
   * @throws IllegalArgumentException if the name is empty or reserved, or if the size in bytes
   *     exceeds a long
   */
  public TensorDeclaration {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(shape, "shape");
    if (name.isEmpty() || name.equals("__metadata__")) {
      throw new IllegalArgumentException("a tensor cannot be named '" + name + "'");
    }
    if (Math.multiplyHigh(shape.elementCount(), type.byteSize()) != 0
        || shape.elementCount() * type.byteSize() < 0) {
      throw new IllegalArgumentException(
          "tensor '" + name + "' " + shape + " of " + type + " is larger than any file");
    }
  }

  /**
   * The size of the values.
   *
   * @return elements times bytes per element
   */
  public long byteLength() {
    return shape.elementCount() * type.byteSize();
  }
}
