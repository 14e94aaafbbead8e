package dev.showo2.export.internal.torch;

import dev.showo2.tensor.ElementType;
import java.util.List;

/** What the calls in a state dict would give, from their arguments. */
final class RebuildArguments {

  private RebuildArguments() {}

  /** A persistent id: ("storage", torch.FloatStorage, key, device, number of elements). */
  static PickleValue.Storage storage(PickleBytes in, PickleValue.Tuple id) {
    List<Object> parts = id.items();
    if (parts.size() == 5
        && "storage".equals(parts.get(0))
        && parts.get(1) instanceof ElementType type
        && parts.get(2) instanceof String key
        && parts.get(3) instanceof String
        && parts.get(4) instanceof Long count) {
      return new PickleValue.Storage(key, type, count);
    }
    throw in.invalid("a persistent id that is not (storage, type, key, device, count)");
  }

  static PickleValue.Dict orderedDict(PickleBytes in, List<Object> arguments) {
    if (!arguments.isEmpty()) {
      throw in.invalid("an OrderedDict that is made with arguments");
    }
    return new PickleValue.Dict();
  }

  /** (storage, offset, size, stride, requires_grad, backward_hooks, metadata if it has any). */
  static PickleValue.View tensor(PickleBytes in, List<Object> arguments) {
    if ((arguments.size() == 6 || arguments.size() == 7)
        && arguments.get(0) instanceof PickleValue.Storage storage
        && arguments.get(1) instanceof Long offset
        && arguments.get(2) instanceof PickleValue.Tuple size
        && arguments.get(3) instanceof PickleValue.Tuple stride
        && arguments.get(4) instanceof Boolean
        && arguments.subList(5, arguments.size()).stream().allMatch(RebuildArguments::isNothing)) {
      return new PickleValue.View(
          storage, offset, longs(in, size.items()), longs(in, stride.items()));
    }
    throw in.invalid("a tensor that is not (storage, offset, size, stride, False, {})");
  }

  /** (tensor, requires_grad, backward_hooks): the tensor. */
  static PickleValue.View parameter(PickleBytes in, List<Object> arguments) {
    if (arguments.size() == 3
        && arguments.get(0) instanceof PickleValue.View view
        && arguments.get(1) instanceof Boolean
        && isNothing(arguments.get(2))) {
      return view;
    }
    throw in.invalid("a parameter that is not (tensor, requires_grad, {})");
  }

  /** Hooks are code, and metadata (conjugated, negated) would change the values: both empty. */
  private static boolean isNothing(Object value) {
    return value == PickleValue.NONE
        || value instanceof PickleValue.Dict dict && dict.entries().isEmpty();
  }

  /**
   * Not more of them than tell that there are too many axes: if each of many tensors had the whole
   * of one long tuple, they would take far more memory than the pickle.
   */
  private static long[] longs(PickleBytes in, List<Object> values) {
    long[] longs = new long[Math.min(values.size(), TorchTensor.MAX_RANK + 1)];
    for (int i = 0; i < longs.length; i++) {
      if (!(values.get(i) instanceof Long value)) {
        throw in.invalid("a size or stride that is not an integer");
      }
      longs[i] = value;
    }
    return longs;
  }
}
