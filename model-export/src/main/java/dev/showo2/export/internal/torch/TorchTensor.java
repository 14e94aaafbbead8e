package dev.showo2.export.internal.torch;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.util.Arrays;

/**
 * A tensor of a torch checkpoint, checked: all its elements are within its storage.
 *
 * @param storage the bytes of the storage
 * @param layout where the elements are in it
 */
record TorchTensor(
    ZipEntry storage, ElementType type, Shape shape, TorchWeights.StridedLayout layout) {

  /** Torch has no more either. */
  static final int MAX_RANK = 64;

  /** Enough for a mask or a table of positions; without a limit a few bytes could fill a disk. */
  private static final long MAX_REPEATED_BYTES = 256L << 20;

  /**
   * @param key of the tensor, for messages
   */
  static TorchTensor of(TorchArchive archive, String key, PickleValue.View view) {
    ZipEntry storage = storage(archive, key, view.storage());
    String problem = problem(view);
    if (problem != null) {
      throw archive
          .file()
          .invalid(
              "tensor '%s': its view (offset %d, size %s, stride %s) %s"
                  .formatted(
                      key,
                      view.offset(),
                      Arrays.toString(view.sizes()),
                      Arrays.toString(view.strides()),
                      problem));
    }
    return new TorchTensor(
        storage,
        view.storage().type(),
        Shape.of(view.sizes()),
        TorchWeights.StridedLayout.of(view.offset(), view.sizes(), view.strides()));
  }

  private static ZipEntry storage(TorchArchive archive, String key, PickleValue.Storage claimed) {
    ZipEntry entry = archive.storage(claimed.key());
    if (entry == null) {
      throw archive
          .file()
          .invalid("tensor '" + key + "': its storage '" + claimed.key() + "' is missing");
    }
    int width = claimed.type().byteSize();
    if (entry.size() % width != 0 || claimed.count() != entry.size() / width) {
      throw archive
          .file()
          .invalid(
              "tensor '%s': its storage '%s' should have %d elements of %s, but the archive holds"
                      .formatted(key, claimed.key(), claimed.count(), claimed.type())
                  + " "
                  + entry.size()
                  + " bytes for it");
    }
    return entry;
  }

  /** Why a view cannot be one of its storage; null if it can. */
  private static String problem(PickleValue.View view) {
    long[] sizes = view.sizes();
    if (sizes.length != view.strides().length || sizes.length > MAX_RANK) {
      return "has no valid number of axes";
    }
    if (view.offset() < 0 || Arrays.stream(view.strides()).anyMatch(stride -> stride < 0)) {
      return "has a negative offset or stride";
    }
    long held = view.storage().count();
    long count;
    long last;
    long bytes;
    try {
      count = Shape.of(sizes).elementCount();
      bytes = Math.multiplyExact(count, (long) view.storage().type().byteSize());
      last = last(view);
    } catch (IllegalArgumentException | ArithmeticException e) {
      return "has a negative or too large size";
    }
    if (count > 0 && last >= held) {
      return "reaches element " + last + ", but its storage has only " + held;
    }
    if (count > held && bytes > MAX_REPEATED_BYTES) {
      return "repeats the "
          + held
          + " elements of its storage up to more than "
          + MAX_REPEATED_BYTES
          + " bytes";
    }
    return null;
  }

  long byteLength() {
    return shape.elementCount() * type.byteSize();
  }

  /** The furthest element that a view with at least one element reaches. */
  private static long last(PickleValue.View view) {
    long last = view.offset();
    for (int i = 0; i < view.sizes().length; i++) {
      if (view.sizes()[i] > 0) {
        last = Math.addExact(last, Math.multiplyExact(view.sizes()[i] - 1, view.strides()[i]));
      }
    }
    return last;
  }
}
