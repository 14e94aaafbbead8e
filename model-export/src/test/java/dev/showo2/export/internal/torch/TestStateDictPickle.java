package dev.showo2.export.internal.torch;

import dev.showo2.tensor.ElementType;
import java.util.Map;

/** Writes the pickle of a state dict as torch.save does. */
public final class TestStateDictPickle {

  static final Map<ElementType, String> STORAGE_CLASSES =
      Map.of(
          ElementType.FLOAT64, "DoubleStorage",
          ElementType.FLOAT32, "FloatStorage",
          ElementType.FLOAT16, "HalfStorage",
          ElementType.BFLOAT16, "BFloat16Storage",
          ElementType.INT64, "LongStorage",
          ElementType.INT32, "IntStorage",
          ElementType.INT16, "ShortStorage",
          ElementType.INT8, "CharStorage",
          ElementType.UINT8, "ByteStorage",
          ElementType.BOOL, "BoolStorage");

  private final PickleWriter out;
  private final boolean ordered;

  /**
   * @param ordered whether it is what {@code Module.state_dict()} gives: an OrderedDict with
   *     metadata, instead of a plain dict
   */
  public TestStateDictPickle(int protocol, boolean ordered) {
    this.out = new PickleWriter(protocol);
    this.ordered = ordered;
    emptyDict(ordered);
    out.put(0).mark();
  }

  public TestStateDictPickle tensor(String key, Storage storage, View view) {
    out.string(key);
    return value(storage, view);
  }

  public TestStateDictPickle parameter(String key, Storage storage, View view) {
    out.string(key).global("torch._utils", "_rebuild_parameter").mark();
    value(storage, view);
    out.bool(true);
    emptyDict(true);
    out.tuple().reduce();
    return this;
  }

  public byte[] finish() {
    out.setItems();
    if (ordered) {
      out.emptyDict().string("_metadata");
      emptyDict(true);
      out.mark().string("").emptyDict().string("version").integer(1).setItem().setItems();
      out.setItem().build();
    }
    return out.finish();
  }

  private TestStateDictPickle value(Storage storage, View view) {
    out.global("torch._utils", "_rebuild_tensor_v2").mark();
    out.mark().string("storage").global("torch", STORAGE_CLASSES.get(storage.type()));
    out.string(storage.key()).string("cpu").integer(storage.count()).tuple().persistentId();
    out.integer(view.offset()).integers(view.sizes()).integers(view.strides()).bool(false);
    emptyDict(true);
    out.tuple().reduce();
    return this;
  }

  private void emptyDict(boolean orderedDict) {
    if (orderedDict) {
      out.global("collections", "OrderedDict").emptyTuple().reduce();
    } else {
      out.emptyDict();
    }
  }

  /**
   * @param count the number of elements that it claims
   */
  public record Storage(String key, ElementType type, long count) {}

  /** All in elements. */
  @SuppressWarnings("ArrayRecordComponent")
  public record View(long offset, long[] sizes, long[] strides) {

    public static View contiguous(long... sizes) {
      long[] strides = new long[sizes.length];
      long stride = 1;
      for (int i = sizes.length - 1; i >= 0; i--) {
        strides[i] = stride;
        stride *= sizes[i];
      }
      return new View(0, sizes, strides);
    }
  }
}
