#!/usr/bin/env bash
# Java ImageIO: a TIFF entry of unknown type makes all later entries unreadable.
#
# Version: the TIFF reader of OpenJDK 17.0.15; the source of 25 reads the same.
# Expected: an entry whose type the reader does not know is skipped, as TIFF 6.0 asks of readers; every entry
#   has 12 bytes whatever its type is.
# Seen: after such an entry the reader is 4 bytes off, takes every later entry of the directory for
#   nonsense, and refuses an image that is valid.
# Exits with 0 while that is so, and fails when the behavior has changed. Needs a JDK 17.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > Try.java <<'JAVA'
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageIO;

class Try {
  /** Two gray pixels; tag, type and value of each entry, in their order. */
  static byte[] tiff(boolean unknown) {
    int[][] entries = {
      {200, 99, 7}, {256, 3, 2}, {257, 3, 1}, {258, 3, 8}, {259, 3, 1},
      {262, 3, 1}, {273, 4, 200}, {277, 3, 1}, {278, 3, 1}, {279, 4, 2}
    };
    ByteBuffer file = ByteBuffer.allocate(202).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8);
    int first = unknown ? 0 : 1;
    file.putShort((short) (entries.length - first));
    for (int i = first; i < entries.length; i++) {
      int[] entry = entries[i];
      file.putShort((short) entry[0]).putShort((short) entry[1]).putInt(1).putInt(entry[2]);
    }
    file.position(200).put((byte) 10).put((byte) 200);
    return file.array();
  }

  static String read(byte[] file) {
    try {
      var image = ImageIO.read(new ByteArrayInputStream(file));
      return image.getWidth() + "x" + image.getHeight();
    } catch (IOException e) {
      return "refused: " + e.getMessage();
    }
  }

  public static void main(String[] args) {
    String known = read(tiff(false));
    String unknown = read(tiff(true));
    System.out.println("JDK " + Runtime.version() + ": without the entry " + known + ", with it " + unknown);
    check(known.equals("2x1"), "the file is not read at all");
    check(unknown.startsWith("refused"), "entries of unknown type are skipped now");
  }

  static void check(boolean holds, String changed) {
    if (!holds) {
      throw new AssertionError(changed);
    }
  }
}
JAVA
java Try.java
