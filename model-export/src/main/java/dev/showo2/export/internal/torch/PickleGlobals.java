package dev.showo2.export.internal.torch;

import dev.showo2.error.InvalidModelException;
import dev.showo2.tensor.ElementType;
import java.util.Map;

/**
 * The Python names that a state dict may refer to, and the Java value of each. None is ever called.
 * Everything else is refused: a pickle that names a function is a program.
 */
final class PickleGlobals {

  /** Globals that a pickle may call; the unpickler knows their results. */
  enum Callable {
    ORDERED_DICT,
    REBUILD_TENSOR,
    REBUILD_PARAMETER
  }

  private static final Map<String, Object> ALLOWED =
      Map.ofEntries(
          Map.entry("collections.OrderedDict", Callable.ORDERED_DICT),
          Map.entry("torch._utils._rebuild_tensor_v2", Callable.REBUILD_TENSOR),
          Map.entry("torch._utils._rebuild_parameter", Callable.REBUILD_PARAMETER),
          Map.entry("torch.DoubleStorage", ElementType.FLOAT64),
          Map.entry("torch.FloatStorage", ElementType.FLOAT32),
          Map.entry("torch.HalfStorage", ElementType.FLOAT16),
          Map.entry("torch.BFloat16Storage", ElementType.BFLOAT16),
          Map.entry("torch.LongStorage", ElementType.INT64),
          Map.entry("torch.IntStorage", ElementType.INT32),
          Map.entry("torch.ShortStorage", ElementType.INT16),
          Map.entry("torch.CharStorage", ElementType.INT8),
          Map.entry("torch.ByteStorage", ElementType.UINT8),
          Map.entry("torch.BoolStorage", ElementType.BOOL));

  private PickleGlobals() {}

  /**
   * @param origin the file, for the message
   * @return a {@link Callable}, or the {@link ElementType} of a storage class
   */
  static Object find(String origin, String module, String name) {
    // A name with a dot would be looked up attribute by attribute; none of ours has one.
    Object value = name.indexOf('.') < 0 ? ALLOWED.get(module + "." + name) : null;
    if (value == null) {
      throw refused(origin, "refers to '" + module + "." + name + "'");
    }
    return value;
  }

  /**
   * @param what the pickle does that only a program does
   */
  static InvalidModelException refused(String origin, String what) {
    return new InvalidModelException(
        origin
            + ": its pickle "
            + what
            + ", which is no part of a state dict; the file is refused, because loading it would"
            + " execute code. Save model.state_dict() alone, or get the file from a source that"
            + " you trust");
  }
}
