package dev.showo2.export.internal.torch;

import dev.showo2.export.internal.torch.PickleGlobals.Callable;
import dev.showo2.tensor.ElementType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the pickle of a state dict, protocols 2 to 5, without calling anything: the few opcodes
 * that torch.save writes, and nothing else.
 *
 * <p>Time and memory are proportional to the length of the pickle.
 */
final class Unpickler {

  private static final String METADATA = "_metadata";

  /** Opcodes that make Python call something or look something up by name. */
  private static final Map<Integer, String> CALLING =
      Map.of(
          (int) 'i',
          "INST",
          (int) 'o',
          "OBJ",
          (int) 'P',
          "PERSID",
          0x81,
          "NEWOBJ",
          0x92,
          "NEWOBJ_EX",
          0x82,
          "EXT1",
          0x83,
          "EXT2",
          0x84,
          "EXT4",
          0x97,
          "NEXT_BUFFER",
          0x98,
          "READONLY_BUFFER");

  private final String origin;
  private final PickleBytes in;
  private final PickleStack stack;

  private Unpickler(String origin, ByteBuffer pickle) {
    this.origin = origin;
    this.in = new PickleBytes(origin, pickle);
    this.stack = new PickleStack(in::invalid);
  }

  /**
   * @param origin the file, for messages
   * @return the one value of the pickle
   */
  static Object load(String origin, ByteBuffer pickle) {
    return new Unpickler(origin, pickle).load();
  }

  private Object load() {
    for (int opcode = in.u8(); opcode != '.'; opcode = in.u8()) {
      execute(opcode);
    }
    Object result = stack.pop();
    if (stack.depth() != 0 || !in.atEnd()) {
      throw in.invalid("more than one value");
    }
    return result;
  }

  private void execute(int opcode) {
    switch (opcode) {
      case 0x80 -> requireProtocol(in.u8());
      case 0x95 -> in.i64(); // FRAME: only a hint for readers from a stream
      case 'N' -> stack.push(PickleValue.NONE);
      case 0x88 -> stack.push(true);
      case 0x89 -> stack.push(false);
      case 'J' -> stack.push((long) in.i32());
      case 'K' -> stack.push((long) in.u8());
      case 'M' -> stack.push((long) in.u16());
      case 0x8a -> stack.push(in.integer(in.u8()));
      case 'G' -> stack.push(in.bigEndianDouble());
      case 'X' -> stack.push(in.utf8(Integer.toUnsignedLong(in.i32())));
      case 0x8c -> stack.push(in.utf8(in.u8()));
      case 0x8d -> stack.push(in.utf8(in.i64()));
      case 'C' -> bytes(in.u8());
      case 'B' -> bytes(Integer.toUnsignedLong(in.i32()));
      case 0x8e, 0x96 -> bytes(in.i64());
      case '(' -> stack.push(PickleValue.MARK);
      case ')' -> stack.push(new PickleValue.Tuple(List.of()));
      case 0x85 -> stack.push(new PickleValue.Tuple(stack.pop(1)));
      case 0x86 -> stack.push(new PickleValue.Tuple(stack.pop(2)));
      case 0x87 -> stack.push(new PickleValue.Tuple(stack.pop(3)));
      case 't' -> stack.push(new PickleValue.Tuple(stack.popToMark()));
      case ']' -> stack.push(new PickleValue.Sequence());
      case 'a' -> append(stack.pop(1));
      case 'e' -> append(stack.popToMark());
      case '}' -> stack.push(new PickleValue.Dict());
      case 's' -> setItems(stack.pop(2));
      case 'u' -> setItems(stack.popToMark());
      case 'q' -> stack.remember(in.u8());
      case 'r' -> stack.remember(in.i32());
      case 0x94 -> stack.memoize();
      case 'h' -> stack.recall(in.u8());
      case 'j' -> stack.recall(in.i32());
      case 'c' -> stack.push(PickleGlobals.find(origin, in.line(), in.line()));
      case 0x93 -> stackGlobal();
      case 'Q' -> stack.push(RebuildArguments.storage(in, popTuple()));
      case 'R' -> reduce();
      case 'b' -> build();
      default -> throw unknown(opcode);
    }
  }

  private void requireProtocol(int protocol) {
    if (protocol < 2 || protocol > 5) {
      throw in.invalid("protocol " + protocol + " where 2 to 5 is expected");
    }
  }

  private PickleValue.Tuple popTuple() {
    return stack.pop(PickleValue.Tuple.class, "a tuple");
  }

  private void bytes(long length) {
    in.skip(length);
    stack.push(PickleValue.BYTES);
  }

  private void append(List<Object> items) {
    stack.peek(PickleValue.Sequence.class, "a list").items().addAll(items);
  }

  private void setItems(List<Object> items) {
    PickleValue.Dict dict = stack.peek(PickleValue.Dict.class, "a dict");
    Map<String, Object> entries = dict.entries();
    if (items.size() % 2 != 0) {
      throw in.invalid("a key without a value");
    }
    for (int i = 0; i < items.size(); i += 2) {
      if (!(items.get(i) instanceof String key)) {
        dict.addOtherKey();
        continue;
      }
      if (entries.putIfAbsent(key, items.get(i + 1)) != null) {
        throw in.invalid("the key '" + key + "' twice in one dict");
      }
    }
  }

  private void stackGlobal() {
    String name = stack.pop(String.class, "a name");
    stack.push(PickleGlobals.find(origin, stack.pop(String.class, "a module"), name));
  }

  private void reduce() {
    List<Object> arguments = popTuple().items();
    Object result =
        switch (stack.pop(Callable.class, "a callable")) {
          case ORDERED_DICT -> RebuildArguments.orderedDict(in, arguments);
          case REBUILD_TENSOR -> RebuildArguments.tensor(in, arguments);
          case REBUILD_TYPED_TENSOR -> RebuildArguments.typedTensor(in, arguments);
          case REBUILD_PARAMETER -> RebuildArguments.parameter(in, arguments, 3);
          case REBUILD_PARAMETER_WITH_ATTRIBUTES -> RebuildArguments.parameter(in, arguments, 4);
          case ENCODE -> RebuildArguments.encoded(in, arguments);
          case NO_BYTES -> RebuildArguments.noBytes(in, arguments);
          case BYTE_ARRAY -> RebuildArguments.byteArray(in, arguments);
        };
    stack.push(result);
  }

  /** Sets attributes; state dicts carry {@code _metadata}, versions that say nothing to us. */
  private void build() {
    Set<String> attributes =
        stack.pop(PickleValue.Dict.class, "a dict of attributes").entries().keySet();
    stack.peek(PickleValue.Dict.class, "an OrderedDict");
    if (!attributes.equals(Set.of(METADATA))) {
      throw PickleGlobals.refused(
          origin, "sets attributes other than '" + METADATA + "' on an object");
    }
  }

  private RuntimeException unknown(int opcode) {
    String code = String.format("0x%02x", opcode);
    String name = CALLING.get(opcode);
    return name != null
        ? PickleGlobals.refused(origin, "uses the opcode " + name + " (" + code + ")")
        : in.invalid("the opcode " + code + ", which torch.save does not write");
  }

  /** Results of the calls in a state dict, from their arguments. */
  private static final class RebuildArguments {

    private RebuildArguments() {}

    /** A persistent id: ("storage", torch.FloatStorage, key, device, number of elements). */
    static PickleValue storage(PickleBytes in, PickleValue.Tuple id) {
      List<Object> parts = id.items();
      if (parts.size() == 5
          && "storage".equals(parts.get(0))
          && parts.get(2) instanceof String key
          && parts.get(3) instanceof String
          && parts.get(4) instanceof Long count) {
        if (parts.get(1) instanceof ElementType type) {
          return new PickleValue.Storage(key, type, count);
        }
        if (parts.get(1) instanceof PickleValue.ForeignType type) {
          return new PickleValue.ForeignStorage(type, key, count);
        }
      }
      throw in.invalid("a persistent id that is not (storage, type, key, device, count)");
    }

    static PickleValue.Dict orderedDict(PickleBytes in, List<Object> arguments) {
      if (!arguments.isEmpty()) {
        throw in.invalid("an OrderedDict that is made with arguments");
      }
      return new PickleValue.Dict();
    }

    /** (text, 'latin1'): each character is a byte. */
    static PickleValue encoded(PickleBytes in, List<Object> arguments) {
      if (arguments.size() == 2
          && arguments.get(0) instanceof String
          && "latin1".equals(arguments.get(1))) {
        return PickleValue.BYTES;
      }
      throw in.invalid("bytes that are not (text, 'latin1')");
    }

    static PickleValue noBytes(PickleBytes in, List<Object> arguments) {
      if (!arguments.isEmpty()) {
        throw in.invalid("empty bytes that are made with arguments");
      }
      return PickleValue.BYTES;
    }

    /** (bytes), or nothing. */
    static PickleValue byteArray(PickleBytes in, List<Object> arguments) {
      if (!arguments.isEmpty() && !arguments.equals(List.of(PickleValue.BYTES))) {
        throw in.invalid("a byte array that is not made of bytes");
      }
      return PickleValue.BYTES;
    }

    /** (storage, offset, size, stride, requires_grad, backward_hooks, metadata if it has any). */
    static PickleValue tensor(PickleBytes in, List<Object> arguments) {
      if (arguments.size() >= 6
          && arguments.get(0) instanceof PickleValue.ForeignStorage storage
          && !storage.type().name().equals(PickleValue.ForeignType.UNTYPED)) {
        return new PickleValue.ForeignTensor(storage.type());
      }
      if ((arguments.size() == 6 || arguments.size() == 7)
          && arguments.get(0) instanceof PickleValue.Storage storage
          && arguments.get(1) instanceof Long offset
          && arguments.get(2) instanceof PickleValue.Tuple size
          && arguments.get(3) instanceof PickleValue.Tuple stride
          && arguments.get(4) instanceof Boolean
          && arguments.subList(5, arguments.size()).stream()
              .allMatch(RebuildArguments::isNothing)) {
        return new PickleValue.View(
            storage, offset, longs(in, size.items()), longs(in, stride.items()));
      }
      throw in.invalid("a tensor that is not (storage, offset, size, stride, False, {})");
    }

    /**
     * (untyped storage, offset, size, stride, requires_grad, backward_hooks, dtype, metadata if it
     * has any): torch's way for types that have no storage class.
     */
    static PickleValue typedTensor(PickleBytes in, List<Object> arguments) {
      if ((arguments.size() == 7 || arguments.size() == 8)
          && arguments.get(0) instanceof PickleValue.ForeignStorage storage
          && storage.type().name().equals(PickleValue.ForeignType.UNTYPED)) {
        if (arguments.get(6) instanceof PickleValue.ForeignType type) {
          return new PickleValue.ForeignTensor(type);
        }
        if (arguments.get(6) instanceof ElementType type
            && storage.count() % type.byteSize() == 0) {
          List<Object> others = new ArrayList<>(arguments);
          others.set(
              0, new PickleValue.Storage(storage.key(), type, storage.count() / type.byteSize()));
          others.remove(6);
          return tensor(in, others);
        }
      }
      throw in.invalid("a tensor that is not (storage, offset, size, stride, False, {}, type)");
    }

    /**
     * (tensor, requires_grad, backward_hooks, attributes if it has any): the tensor. Attributes
     * that trainers hang on parameters change no value.
     */
    static PickleValue parameter(PickleBytes in, List<Object> arguments, int size) {
      if (arguments.size() == size
          && (arguments.get(0) instanceof PickleValue.View
              || arguments.get(0) instanceof PickleValue.ForeignTensor)
          && arguments.get(1) instanceof Boolean
          && isNothing(arguments.get(2))) {
        return (PickleValue) arguments.get(0);
      }
      throw in.invalid("a parameter that is not (tensor, requires_grad, {})");
    }

    /** Hooks are code, and metadata (conjugated, negated) would change the values: both empty. */
    private static boolean isNothing(Object value) {
      return value == PickleValue.NONE
          || value instanceof PickleValue.Dict dict && dict.entries().isEmpty();
    }

    /**
     * Not more of them than tell that there are too many axes: if each of many tensors had the
     * whole of one long tuple, they would take far more memory than the pickle.
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
}
