package dev.showo2.backend.onnx;

import dev.showo2.spi.support.AbstractKvCache;
import dev.showo2.spi.support.Closer;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values per layer, in the order key 0, value 0, key 1, …, each [B, heads, capacity,
 * size]. Forks share them: positions that a cache holds are never written to, and room behind them
 * is written to by one cache alone.
 */
final class OnnxKvCache extends AbstractKvCache {

  private final OnnxContext context;
  private final int expected;
  private List<NativeValue> values;
  private Room room;

  /**
   * @param empty tensors without positions
   */
  OnnxKvCache(OnnxContext context, Stage stage, CacheRequest request, List<NativeValue> empty) {
    super(context.lifetime(), stage, request.batch(), 0);
    this.context = context;
    this.expected = request.expectedPositions().orElse(0);
    this.values = List.copyOf(empty);
    this.room = Room.full(0);
  }

  private OnnxKvCache(OnnxKvCache other) {
    super(other.context.lifetime(), other.stage(), other.batch(), other.length());
    this.context = other.context;
    this.expected = other.expected;
    this.values = other.values.stream().map(NativeValue::shared).toList();
    this.room = other.room.shared();
  }

  List<NativeValue> values() {
    return values;
  }

  /** Takes over the keys and values of a longer or shorter prefix, which fill their tensors. */
  void replace(List<NativeValue> replacement, int length) {
    replace(replacement, Room.full(length));
  }

  private void replace(List<NativeValue> replacement, Room newRoom) {
    List<NativeValue> old = values;
    values = List.copyOf(replacement);
    room.left();
    room = newRoom;
    old.forEach(NativeValue::close);
  }

  /**
   * Sees to it that the next positions can be written behind those that are held: where there is no
   * room, or where another cache has it, keys and values are copied to where there is.
   */
  void claim(int positions) {
    int total = Math.addExact(length(), positions);
    if (room.claim(length(), total)) {
      return;
    }
    Room larger = Room.growing(Math.max(total, expected), total);
    replace(copies(length(), larger.capacity), larger);
  }

  private List<NativeValue> copies(int length, int capacity) {
    try (Closer closer = new Closer()) {
      List<NativeValue> copies = new ArrayList<>();
      for (NativeValue value : values) {
        copies.add(closer.add(context.values().firstPositions(value, length, capacity)));
      }
      closer.keepAll();
      return copies;
    }
  }

  @Override
  protected OnnxKvCache copy() {
    return new OnnxKvCache(this);
  }

  @Override
  protected void cut(int newLength) {
    if (room.grows && newLength > room.capacity / 2) {
      return;
    }
    Room smaller = room.grows ? Room.growing(newLength, newLength) : Room.full(newLength);
    replace(copies(newLength, smaller.capacity), smaller);
  }

  @Override
  protected void release() {
    room.left();
    values.forEach(NativeValue::close);
  }

  /** Positions of tensors that several caches may share. Thread-safe, as caches need not be. */
  private static final class Room {

    private static final int SMALLEST = 32;

    private final int capacity;

    /** Whether positions are written into it; else the engine gives longer tensors. */
    private final boolean grows;

    private int written;
    private int holders = 1;

    private Room(int capacity, boolean grows, int written) {
      this.capacity = capacity;
      this.grows = grows;
      this.written = written;
    }

    static Room full(int positions) {
      return new Room(positions, false, positions);
    }

    /** The next power of two: buffers are of such sizes. */
    static Room growing(int positions, int written) {
      int power = Integer.highestOneBit(Math.max(positions, SMALLEST) - 1) << 1;
      return new Room(power > 0 ? power : positions, true, written);
    }

    synchronized boolean claim(int from, int to) {
      if (to > capacity || holders > 1 && written != from) {
        return false;
      }
      written = to;
      return true;
    }

    synchronized Room shared() {
      holders++;
      return this;
    }

    synchronized void left() {
      holders--;
    }
  }
}
