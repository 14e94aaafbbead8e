package dev.showo2.train.data;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes archives as GNU tar does. */
final class Tar {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  static byte[] record(String key, String value) {
    String entry = " " + key + "=" + value + "\n";
    int length = entry.length() + 2;
    length += Integer.toString(length).length() - 2;
    return (length + entry).getBytes(StandardCharsets.UTF_8);
  }

  void file(String name, String text) {
    file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  void file(String name, byte[] content) {
    member(name, content, '0');
  }

  void member(String name, byte[] content, char type) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, "0000644\0");
    put(header, 124, String.format("%011o\0", content.length));
    put(header, 148, "        ");
    header[156] = (byte) type;
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte value : header) {
      sum += value & 0xff;
    }
    put(header, 148, String.format("%06o\0 ", sum));
    bytes.writeBytes(header);
    bytes.writeBytes(content);
    bytes.writeBytes(new byte[(512 - content.length % 512) % 512]);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] value = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(value, 0, header, at, value.length);
  }

  byte[] bytes() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(bytes.toByteArray());
    whole.writeBytes(new byte[1024]);
    return whole.toByteArray();
  }
}
