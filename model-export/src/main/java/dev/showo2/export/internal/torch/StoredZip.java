package dev.showo2.export.internal.torch;

import dev.showo2.model.SafetensorsWriter.TensorSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A zip archive in one pass, as torch writes it: entries are stored as they are, their bytes start
 * at multiples of 64, their checksums follow them. Entries and archives beyond 4 GiB get the wide
 * fields of zip64, all others do not. Not thread-safe.
 */
final class StoredZip implements Closeable {

  private static final int ALIGNMENT = 64;
  private static final int LOCAL_BYTES = 30;
  private static final int CENTRAL_BYTES = 46;
  private static final int EXTRA_HEADER_BYTES = 4;

  /** Names in UTF-8, checksum and size behind the bytes. */
  private static final short FLAGS = 0x0808;

  private static final short NARROW_VERSION = 20;
  private static final short WIDE_VERSION = 45;
  private static final short ZIP64_EXTRA = 0x0001;

  /** What torch names its padding, "FB", and fills it with. */
  private static final short PADDING_EXTRA = 0x4246;

  private static final byte PADDING = 'Z';

  private static final int TOO_NARROW = 0xffffffff;
  private static final int TOO_FEW = 0xffff;

  private final WritableByteChannel out;
  private final long widest;
  private final List<ByteBuffer> directory = new ArrayList<>();
  private long position;

  StoredZip(WritableByteChannel out) {
    this(out, 0xfffffffeL);
  }

  /**
   * @param widest size or offset that narrow fields are used for
   */
  StoredZip(WritableByteChannel out, long widest) {
    this.out = out;
    this.widest = widest;
  }

  void entry(String name, byte[] bytes) throws IOException {
    entry(name, bytes.length, sink -> sink.accept(ByteBuffer.wrap(bytes)));
  }

  /**
   * @param size of the bytes that the source gives
   * @throws IllegalStateException if the source gives more or fewer
   */
  void entry(String name, long size, TensorSource source) throws IOException {
    byte[] rawName = name.getBytes(StandardCharsets.UTF_8);
    boolean wide = size > widest;
    long header = position;
    write(local(rawName, wide, size));
    CRC32 crc = new CRC32();
    long start = position;
    source.writeTo(
        chunk -> {
          crc.update(chunk.duplicate());
          write(chunk);
        });
    if (position - start != size) {
      throw new IllegalStateException(
          "'" + name + "' should have " + size + " bytes, " + (position - start) + " came");
    }
    write(descriptor(wide, (int) crc.getValue(), size));
    directory.add(central(rawName, (int) crc.getValue(), size, header));
  }

  private ByteBuffer local(byte[] name, boolean wide, long size) {
    int wideBytes = wide ? EXTRA_HEADER_BYTES + 2 * Long.BYTES : 0;
    int fixed = LOCAL_BYTES + name.length + wideBytes + EXTRA_HEADER_BYTES;
    int padding = (int) Math.floorMod(-(position + fixed), (long) ALIGNMENT);
    ByteBuffer local = little(fixed + padding);
    local.putInt(0x04034b50).putShort(wide ? WIDE_VERSION : NARROW_VERSION).putShort(FLAGS);
    local.position(18);
    local.putInt(wide ? TOO_NARROW : 0).putInt(wide ? TOO_NARROW : 0);
    local.putShort((short) name.length);
    local.putShort((short) (wideBytes + EXTRA_HEADER_BYTES + padding)).put(name);
    if (wide) {
      local.putShort(ZIP64_EXTRA).putShort((short) (2 * Long.BYTES)).putLong(size).putLong(size);
    }
    local.putShort(PADDING_EXTRA).putShort((short) padding);
    while (local.hasRemaining()) {
      local.put(PADDING);
    }
    return local.flip();
  }

  private static ByteBuffer descriptor(boolean wide, int crc, long size) {
    ByteBuffer descriptor = little(wide ? 24 : 16).putInt(0x08074b50).putInt(crc);
    return (wide
            ? descriptor.putLong(size).putLong(size)
            : descriptor.putInt((int) size).putInt((int) size))
        .flip();
  }

  private ByteBuffer central(byte[] name, int crc, long size, long header) {
    boolean wideSize = size > widest;
    boolean widePlace = header > widest;
    int wideBytes = (wideSize ? 2 * Long.BYTES : 0) + (widePlace ? Long.BYTES : 0);
    int extra = wideBytes == 0 ? 0 : EXTRA_HEADER_BYTES + wideBytes;
    ByteBuffer central = little(CENTRAL_BYTES + name.length + extra);
    short version = extra == 0 ? NARROW_VERSION : WIDE_VERSION;
    central.putInt(0x02014b50).putShort(version).putShort(version).putShort(FLAGS).position(16);
    central.putInt(crc);
    central.putInt(wideSize ? TOO_NARROW : (int) size).putInt(wideSize ? TOO_NARROW : (int) size);
    central.putShort((short) name.length).putShort((short) extra).position(42);
    central.putInt(widePlace ? TOO_NARROW : (int) header).put(name);
    if (extra > 0) {
      central.putShort(ZIP64_EXTRA).putShort((short) wideBytes);
    }
    if (wideSize) {
      central.putLong(size).putLong(size);
    }
    if (widePlace) {
      central.putLong(header);
    }
    return central.flip();
  }

  /** Writes the directory; no entry may follow. */
  void finish() throws IOException {
    long start = position;
    for (ByteBuffer entry : directory) {
      write(entry);
    }
    long end = position;
    boolean wide = start > widest || directory.size() >= TOO_FEW;
    if (wide) {
      ByteBuffer end64 = little(56).putInt(0x06064b50).putLong(44);
      end64.putShort(WIDE_VERSION).putShort(WIDE_VERSION).position(24);
      end64.putLong(directory.size()).putLong(directory.size());
      write(end64.putLong(end - start).putLong(start).flip());
      write(little(20).putInt(0x07064b50).putInt(0).putLong(end).putInt(1).flip());
    }
    ByteBuffer last = little(22).putInt(0x06054b50).putInt(0);
    short count = (short) Math.min(directory.size(), TOO_FEW);
    last.putShort(count).putShort(count).putInt((int) (end - start));
    last.putInt(start > widest ? TOO_NARROW : (int) start).putShort((short) 0);
    write(last.flip());
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      position += out.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
