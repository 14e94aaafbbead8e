package dev.showo2.export.checkpoint;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.util.Arrays;

/**
 * A tensor of a torch checkpoint, checked: all its elements lie within its storage.
 *
 * @param storage the bytes of the storage
 * @param layout where the elements lie in it
 */
record TorchTensor(ZipEntry storage, ElementType type, Shape shape, StridedLayout layout) {

  /** Torch has no more either. */
  private static final int MAX_RANK = 64;

  /** Enough for a mask or a table of positions; without a limit a few bytes could fill a disk. */
  private static final long MAX_REPEATED_BYTES = 256L << 20;

  /**
   * @param key of the tensor, for messages
   */
  static TorchTensor of(TorchArchive archive, String key, PickleValue.View view) {
    PickleValue.Storage claimed = view.storage();
    ZipEntry entry = archive.storage(claimed.key());
    if (entry == null) {
      throw invalid(archive, key, "its storage '" + claimed.key() + "' is missing");
    }
    int width = claimed.type().byteSize();
    if (entry.size() % width != 0 || claimed.count() != entry.size() / width) {
      throw invalid(
          archive,
          key,
          "its storage '"
              + claimed.key()
              + "' should have "
              + claimed.count()
              + " elements of "
              + claimed.type()
              + ", but the archive holds "
              + entry.size()
              + " bytes for it");
    }
    long[] sizes = view.sizes();
    if (sizes.length != view.strides().length || sizes.length > MAX_RANK) {
      throw invalid(archive, key, described(view) + " has no valid number of axes");
    }
    if (view.offset() < 0 || Arrays.stream(view.strides()).anyMatch(stride -> stride < 0)) {
      throw invalid(archive, key, described(view) + " has a negative offset or stride");
    }
    Shape shape;
    long last;
    try {
      shape = Shape.of(sizes);
      Math.multiplyExact(shape.elementCount(), (long) width);
      last = last(view);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw invalid(archive, key, described(view) + " has a negative or too large size");
    }
    if (shape.elementCount() > 0 && last >= claimed.count()) {
      throw invalid(
          archive,
          key,
          described(view)
              + " reaches element "
              + last
              + ", but its storage has only "
              + claimed.count());
    }
    if (shape.elementCount() > claimed.count()
        && shape.elementCount() * width > MAX_REPEATED_BYTES) {
      throw invalid(
          archive,
          key,
          described(view)
              + " repeats the "
              + claimed.count()
              + " elements of its storage up to more than "
              + MAX_REPEATED_BYTES
              + " bytes");
    }
    return new TorchTensor(
        entry, claimed.type(), shape, StridedLayout.of(view.offset(), sizes, view.strides()));
  }

  long byteLength() {
    return shape.elementCount() * type.byteSize();
  }

  private static long last(PickleValue.View view) {
    long last = view.offset();
    for (int i = 0; i < view.sizes().length; i++) {
      if (view.sizes()[i] > 0) {
        last = Math.addExact(last, Math.multiplyExact(view.sizes()[i] - 1, view.strides()[i]));
      }
    }
    return last;
  }

  private static String described(PickleValue.View view) {
    return "its view (offset "
        + view.offset()
        + ", size "
        + Arrays.toString(view.sizes())
        + ", stride "
        + Arrays.toString(view.strides())
        + ")";
  }

  private static RuntimeException invalid(TorchArchive archive, String key, String what) {
    return archive.file().invalid("tensor '" + key + "': " + what);
  }
}
