package dev.showo2.export.internal.torch;

import dev.showo2.tensor.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of a pickle that Java has no class for; the others are String, Long, Double, Boolean,
 * {@link ElementType} and {@link PickleGlobals.Callable}.
 *
 * <p>Plain classes without equals and toString: a pickle can nest them without end or in a circle,
 * so nothing may ever walk through them.
 */
abstract class PickleValue {

  private PickleValue() {}

  static final PickleValue NONE = new PickleValue() {};

  /** Any bytes; nothing in a state dict is made of them. */
  static final PickleValue BYTES = new PickleValue() {};

  /** Stands on the stack where a tuple, list or group of items begins. */
  static final PickleValue MARK = new PickleValue() {};

  static final class Tuple extends PickleValue {
    private final List<Object> items;

    Tuple(List<Object> items) {
      this.items = items;
    }

    List<Object> items() {
      return items;
    }
  }

  static final class Sequence extends PickleValue {
    private final List<Object> items = new ArrayList<>();

    List<Object> items() {
      return items;
    }
  }

  static final class Dict extends PickleValue {
    private final Map<String, Object> entries = new LinkedHashMap<>();
    private boolean otherKeys;

    /** Whether it has keys that are no strings, as the state of an optimizer has. */
    boolean hasOtherKeys() {
      return otherKeys;
    }

    void addOtherKey() {
      otherKeys = true;
    }

    Map<String, Object> entries() {
      return entries;
    }
  }

  /** A storage as a tensor refers to it. */
  static final class Storage extends PickleValue {
    private final String key;
    private final ElementType type;
    private final long count;

    Storage(String key, ElementType type, long count) {
      this.key = key;
      this.type = type;
      this.count = count;
    }

    String key() {
      return key;
    }

    ElementType type() {
      return type;
    }

    /** The number of elements that it claims to have. */
    long count() {
      return count;
    }
  }

  /** An element type of torch that is not read, by its name there; {@code untyped} for bytes. */
  static final class ForeignType extends PickleValue {

    static final String UNTYPED = "untyped";

    private final String name;

    ForeignType(String name) {
      this.name = name;
    }

    String name() {
      return name;
    }
  }

  /** A storage of such a type; its size counts bytes if it is untyped. */
  static final class ForeignStorage extends PickleValue {
    private final ForeignType type;
    private final String key;
    private final long count;

    ForeignStorage(ForeignType type, String key, long count) {
      this.type = type;
      this.key = key;
      this.count = count;
    }

    ForeignType type() {
      return type;
    }

    String key() {
      return key;
    }

    long count() {
      return count;
    }
  }

  /** A tensor whose element type is not read. */
  static final class ForeignTensor extends PickleValue {
    private final ForeignType type;

    ForeignTensor(ForeignType type) {
      this.type = type;
    }

    ForeignType type() {
      return type;
    }
  }

  /** A view of a storage, its numbers not checked yet. */
  static final class View extends PickleValue {
    private final Storage storage;
    private final long offset;
    private final long[] sizes;
    private final long[] strides;

    View(Storage storage, long offset, long[] sizes, long[] strides) {
      this.storage = storage;
      this.offset = offset;
      this.sizes = sizes;
      this.strides = strides;
    }

    Storage storage() {
      return storage;
    }

    /** In elements, as the strides are. */
    long offset() {
      return offset;
    }

    long[] sizes() {
      return sizes;
    }

    long[] strides() {
      return strides;
    }
  }
}
