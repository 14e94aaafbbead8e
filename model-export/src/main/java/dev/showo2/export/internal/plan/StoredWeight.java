package dev.showo2.export.internal.plan;

import dev.showo2.export.internal.quantization.BlockRotation;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.export.internal.quantization.WeightTransform;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A weight as a bundle has it.
 *
 * @param name in the bundle
 * @param key in the checkpoint
 * @param shape in the bundle, before it is encoded
 * @param transform of which readers need what changes the layer's inputs
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record StoredWeight(
    String name, String key, Shape shape, WeightEncoding encoding, WeightTransform transform) {

  /** A weight as it is. */
  public StoredWeight(String name, String key, Shape shape, WeightEncoding encoding) {
    this(name, key, shape, encoding, WeightTransform.NONE);
  }

  /** All of a weight of the checkpoint. */
  static StoredWeight whole(
      String key, Shape shape, WeightEncoding encoding, WeightTransform transform) {
    String name = transform.changesInputs() ? WeightEncoding.transformedKey(key) : key;
    return new StoredWeight(name, key, shape, encoding, transform);
  }

  /**
   * The tensors that it takes in the file, ordered: values, and as far as there are any scales,
   * factors and rotation of inputs.
   */
  public List<TensorDeclaration> declarations() {
    List<TensorDeclaration> all = new ArrayList<>();
    all.add(new TensorDeclaration(name, encoding.type(), encoding.stored(shape)));
    if (encoding.isScaled()) {
      all.add(scales());
    }
    if (transform.scalesInputs()) {
      all.add(floats(WeightEncoding.inputFactorsKey(key), Shape.of(shape.dimension(1))));
    }
    transform
        .rotation()
        .map(BlockRotation::size)
        .ifPresent(
            size -> all.add(floats(WeightEncoding.inputRotationKey(key), Shape.of(size, size))));
    return all;
  }

  private static TensorDeclaration floats(String name, Shape shape) {
    return new TensorDeclaration(name, ElementType.FLOAT32, shape);
  }

  private TensorDeclaration scales() {
    return new TensorDeclaration(
        WeightEncoding.scaleKey(name), ElementType.FLOAT32, encoding.scales(shape));
  }

  long byteLength() {
    return declarations().stream().mapToLong(TensorDeclaration::byteLength).sum();
  }
}
