package dev.showo2.export.internal.torch;

import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The pickle that describes a state dict, in protocol 2 like torch's: an OrderedDict of tensors,
 * each a contiguous view of a whole storage.
 */
final class StateDictPickle {

  private static final int MAX_SHORT = 0xffff;

  private static final Map<ElementType, String> STORAGES =
      Map.of(
          ElementType.FLOAT32, "FloatStorage",
          ElementType.FLOAT16, "HalfStorage",
          ElementType.BFLOAT16, "BFloat16Storage");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  StateDictPickle() {
    out.write(0x80); // PROTO
    out.write(2);
    emptyDict();
    out.write('('); // MARK
  }

  /**
   * @param storage key of the storage that the tensor is a view of
   */
  StateDictPickle add(TensorDeclaration tensor, String storage) {
    String type = STORAGES.get(tensor.type());
    if (type == null) {
      throw new IllegalArgumentException(
          "tensor '" + tensor.name() + "': " + tensor.type() + " is none of " + STORAGES.keySet());
    }
    string(tensor.name());
    global("torch._utils", "_rebuild_tensor_v2");
    out.write('(');
    out.write('(');
    string("storage");
    global("torch", type);
    string(storage);
    string("cpu");
    integer(tensor.shape().elementCount());
    out.write('t'); // TUPLE
    out.write('Q'); // BINPERSID
    integer(0);
    integers(tensor.shape().toArray());
    integers(strides(tensor.shape()));
    out.write(0x89); // NEWFALSE: needs no gradient
    emptyDict();
    out.write('t');
    out.write('R'); // REDUCE
    return this;
  }

  byte[] finish() {
    out.write('u'); // SETITEMS
    out.write('.'); // STOP
    return out.toByteArray();
  }

  private static long[] strides(Shape shape) {
    long[] strides = new long[shape.rank()];
    long stride = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape.dimension(i);
    }
    return strides;
  }

  private void emptyDict() {
    global("collections", "OrderedDict");
    out.write(')'); // EMPTY_TUPLE
    out.write('R');
  }

  private void global(String module, String name) {
    out.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private void string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write('X'); // BINUNICODE
    out.writeBytes(little(Integer.BYTES).putInt(bytes.length).array());
    out.writeBytes(bytes);
  }

  private void integers(long[] values) {
    out.write('(');
    for (long value : values) {
      integer(value);
    }
    out.write('t');
  }

  /**
   * @param value at least 0
   */
  private void integer(long value) {
    if (value <= 0xff) {
      out.write('K'); // BININT1
      out.write((int) value);
    } else if (value <= MAX_SHORT) {
      out.write('M'); // BININT2
      out.writeBytes(little(Short.BYTES).putShort((short) value).array());
    } else if (value <= Integer.MAX_VALUE) {
      out.write('J'); // BININT
      out.writeBytes(little(Integer.BYTES).putInt((int) value).array());
    } else {
      out.write(0x8a); // LONG1
      out.write(Long.BYTES);
      out.writeBytes(little(Long.BYTES).putLong(value).array());
    }
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
