package dev.showo2.export.internal.torch;

import dev.showo2.model.SafetensorsWriter.TensorSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Writes a zip archive as torch does: uncompressed entries that start at multiples of 64 bytes,
 * sizes and checksums behind the values, so that entries can be streamed, and zip64 records.
 */
public final class StoredZipWriter {

  private static final int ALIGNMENT = 64;
  private static final short FLAGS = 0x0808; // UTF-8 names, sizes behind the values
  private static final int TOO_NARROW = 0xffffffff;

  private final OutputStream out;
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private final boolean wide;
  private long position;
  private int count;

  /**
   * @param wide whether the directory gives sizes and offsets in zip64 fields, as for large entries
   */
  public StoredZipWriter(OutputStream out, boolean wide) {
    this.out = out;
    this.wide = wide;
  }

  public void entry(String name, TensorSource content) throws IOException {
    byte[] rawName = name.getBytes(StandardCharsets.UTF_8);
    long header = position;
    int padding = (int) (ALIGNMENT - (position + 30 + rawName.length + 4) % ALIGNMENT) % ALIGNMENT;
    ByteBuffer local = little(30 + rawName.length + 4 + padding);
    local.putInt(0x04034b50).putShort((short) 0).putShort(FLAGS).position(26);
    local.putShort((short) rawName.length).putShort((short) (4 + padding)).put(rawName);
    local.putShort((short) 0x4246).putShort((short) padding);
    write(local);

    CRC32 crc = new CRC32();
    long start = position;
    content.writeTo(
        chunk -> {
          crc.update(chunk.duplicate());
          byte[] bytes = new byte[chunk.remaining()];
          chunk.get(bytes);
          out.write(bytes);
          position += bytes.length;
        });
    long size = position - start;
    ByteBuffer descriptor = little(24).putInt(0x08074b50).putInt((int) crc.getValue());
    write(descriptor.putLong(size).putLong(size));
    remember(rawName, (int) crc.getValue(), size, header);
  }

  private void remember(byte[] name, int crc, long size, long header) {
    ByteBuffer central = little(46 + name.length + (wide ? 28 : 0));
    central.putInt(0x02014b50).putInt(0).putShort(FLAGS).position(16);
    central
        .putInt(crc)
        .putInt(wide ? TOO_NARROW : (int) size)
        .putInt(wide ? TOO_NARROW : (int) size);
    central.putShort((short) name.length).putShort((short) (wide ? 28 : 0)).position(42);
    central.putInt(wide ? TOO_NARROW : (int) header).put(name);
    if (wide) {
      central.putShort((short) 1).putShort((short) 24).putLong(size).putLong(size).putLong(header);
    }
    directory.writeBytes(central.array());
    count++;
  }

  public void finish() throws IOException {
    long start = position;
    write(ByteBuffer.wrap(directory.toByteArray()));
    long end = position;
    ByteBuffer end64 = little(56).putInt(0x06064b50).putLong(44).position(24);
    write(end64.putLong(count).putLong(count).putLong(end - start).putLong(start));
    write(little(20).putInt(0x07064b50).putInt(0).putLong(end).putInt(1));
    ByteBuffer last = little(22).putInt(0x06054b50).putInt(0);
    last.putShort((short) count).putShort((short) count).putInt((int) (end - start));
    write(last.putInt(wide ? TOO_NARROW : (int) start));
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void write(ByteBuffer whole) throws IOException {
    out.write(whole.array());
    position += whole.capacity();
  }
}
