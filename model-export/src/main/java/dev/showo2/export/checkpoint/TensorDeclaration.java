package dev.showo2.export.checkpoint;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A tensor that is going to be written.
 *
 * @param name any text but the empty one and {@code __metadata__}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TensorDeclaration(String name, ElementType type, Shape shape) {

  /**
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

  /** The number of bytes that the values take. */
  public long byteLength() {
    return shape.elementCount() * type.byteSize();
  }
}
