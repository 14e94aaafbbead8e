package dev.showo2.export.internal.plan;

import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A weight as a bundle has it.
 *
 * @param name in the bundle
 * @param key in the checkpoint
 * @param shape in the bundle, before it is encoded
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record StoredWeight(String name, String key, Shape shape, WeightEncoding encoding) {

  /** The tensors that it takes in the file, ordered: values, and scales if there are any. */
  public List<TensorDeclaration> declarations() {
    TensorDeclaration values = new TensorDeclaration(name, encoding.type(), encoding.stored(shape));
    return encoding.isScaled() ? List.of(values, scales()) : List.of(values);
  }

  private TensorDeclaration scales() {
    return new TensorDeclaration(
        WeightEncoding.scaleKey(name), ElementType.FLOAT32, encoding.scales(shape));
  }

  long byteLength() {
    return declarations().stream().mapToLong(TensorDeclaration::byteLength).sum();
  }
}
