package dev.showo2.export.inspect;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.tensor.ElementType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * Number of weights.
 *
 * @param what they make up, such as {@code model}
 * @param types how many there are of each element type
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record WeightCount(String what, List<OfType> types) {

  /**
   * Copies the collections, so that changes to them afterwards have no effect.
   *
   * @param what they make up, such as {@code model}
   * @param types how many there are of each element type
   */
  public WeightCount {
    types = List.copyOf(types);
  }

  /**
   * CheckpointWeights of one element type.
   *
   * @param tensors how many have this type
   * @param elements in all of these together
   * @param bytes that the elements take
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record OfType(ElementType type, long tensors, long elements, long bytes) {

    private OfType plus(long more) {
      return new OfType(type, tensors + 1, elements + more, bytes + more * type.byteSize());
    }
  }

  /**
   * A tensor that shares its values with one before it, as the head of tied models, is left out.
   */
  static WeightCount of(String what, CheckpointWeights weights) {
    Map<ElementType, OfType> types = new EnumMap<>(ElementType.class);
    for (String name : weights.names()) {
      if (weights.sharedWith(name).equals(name)) {
        ElementType type = weights.type(name);
        OfType before = types.getOrDefault(type, new OfType(type, 0, 0, 0));
        types.put(type, before.plus(weights.shape(name).elementCount()));
      }
    }
    return new WeightCount(what, new ArrayList<>(types.values()));
  }

  /** {@return the number of parameters: elements of all types} */
  public long parameters() {
    return types.stream().mapToLong(OfType::elements).sum();
  }

  /** {@return bytes of all types} */
  public long bytes() {
    return types.stream().mapToLong(OfType::bytes).sum();
  }
}
