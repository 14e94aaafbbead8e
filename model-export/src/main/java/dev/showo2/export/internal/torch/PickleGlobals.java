package dev.showo2.export.internal.torch;

import dev.showo2.error.InvalidModelException;
import dev.showo2.tensor.ElementType;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The Python names that a state dict may refer to, and the Java value of each. None is ever called.
 * Everything else is refused: a pickle that names a function is a program.
 */
final class PickleGlobals {

  /** Globals that a pickle may call; the unpickler knows their results. */
  enum Callable {
    ORDERED_DICT,
    REBUILD_TENSOR,
    REBUILD_TYPED_TENSOR,
    REBUILD_PARAMETER,
    REBUILD_PARAMETER_WITH_ATTRIBUTES,
    /** Bytes as Python 3 writes them up to protocol 2, which has no opcode for them. */
    ENCODE,
    /** No bytes at all, in the same way. */
    NO_BYTES,
    /** A byte array, of bytes or of nothing: up to protocol 4 it has no opcode. */
    BYTE_ARRAY
  }

  private static final Map<String, Object> ALLOWED =
      Map.ofEntries(
          Map.entry("collections.OrderedDict", Callable.ORDERED_DICT),
          Map.entry("torch._utils._rebuild_tensor_v2", Callable.REBUILD_TENSOR),
          Map.entry("torch._utils._rebuild_tensor_v3", Callable.REBUILD_TYPED_TENSOR),
          Map.entry("torch._utils._rebuild_parameter", Callable.REBUILD_PARAMETER),
          Map.entry(
              "torch._utils._rebuild_parameter_with_state",
              Callable.REBUILD_PARAMETER_WITH_ATTRIBUTES),
          Map.entry("_codecs.encode", Callable.ENCODE),
          Map.entry("__builtin__.bytes", Callable.NO_BYTES),
          Map.entry("__builtin__.bytearray", Callable.BYTE_ARRAY),
          Map.entry("builtins.bytearray", Callable.BYTE_ARRAY),
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

  /** Element types by their names in torch. */
  private static final Map<String, ElementType> TYPES =
      Map.of(
          "float64", ElementType.FLOAT64,
          "float32", ElementType.FLOAT32,
          "float16", ElementType.FLOAT16,
          "bfloat16", ElementType.BFLOAT16,
          "int64", ElementType.INT64,
          "int32", ElementType.INT32,
          "int16", ElementType.INT16,
          "int8", ElementType.INT8,
          "uint8", ElementType.UINT8,
          "bool", ElementType.BOOL);

  /** Those of torch 2.15 that are not read, and the storage classes of some. */
  private static final Pattern OTHER_TYPES =
      Pattern.compile(
          "float8_e[0-9]m[0-9]\\w{0,8}|float4_e2m1fn_x2|uint(?:16|32|64)|u?int[1-7]|bits\\w{1,6}"
              + "|complex(?:32|64|128)|q(?:u?int8|int32)|quint[24]x[24]"
              + "|(?:Complex(?:Float|Double|Half)|QInt8|QUInt8|QInt32|QUInt4x2|QUInt2x4)Storage");

  private PickleGlobals() {}

  /**
   * @param origin the file, for the message
   * @return a {@link Callable}, or the {@link ElementType} of a storage class
   */
  static Object find(String origin, String module, String name) {
    // A name with a dot would be looked up attribute by attribute; none of ours has one.
    Object value = name.indexOf('.') < 0 ? ALLOWED.get(module + "." + name) : null;
    if (value == null && (module + "." + name).equals("torch.storage.UntypedStorage")) {
      value = new PickleValue.ForeignType(PickleValue.ForeignType.UNTYPED);
    }
    if (value == null && module.equals("torch")) {
      value = elementType(name);
    }
    if (value == null) {
      throw refused(origin, "refers to '" + module + "." + name + "'");
    }
    return value;
  }

  /** The element type that an attribute of torch is, or the storage class of one; else null. */
  private static Object elementType(String name) {
    ElementType known = TYPES.get(name);
    return known != null
        ? known
        : OTHER_TYPES.matcher(name).matches() ? new PickleValue.ForeignType(name) : null;
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
