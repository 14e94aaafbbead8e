package dev.showo2.export.internal.torch;

/**
 * An uncompressed file within a zip archive.
 *
 * @param headerOffset where its local header starts
 * @param offset where its bytes start
 * @param crc CRC-32 of its bytes
 */
record ZipEntry(String name, long headerOffset, long offset, long size, int crc) {

  long end() {
    return offset + size;
  }
}
