package dev.showo2.samples.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Changes the weights of a checkpoint and leaves everything else of it right. */
final class TorchFile {

  private TorchFile() {}

  static void negateOneNumberOfEachStorage(Path file) throws IOException {
    ByteArrayOutputStream altered = new ByteArrayOutputStream();
    try (ZipFile zip = new ZipFile(file.toFile());
        ZipOutputStream out = new ZipOutputStream(altered)) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        byte[] bytes = zip.getInputStream(entry).readAllBytes();
        if (entry.getName().contains("/data/")) {
          // The sign of the first little-endian float.
          bytes[3] ^= (byte) 0x80;
        }
        out.putNextEntry(stored(entry.getName(), bytes));
        out.write(bytes);
      }
    }
    Files.write(file, altered.toByteArray());
  }

  private static ZipEntry stored(String name, byte[] bytes) {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(sum.getValue());
    return entry;
  }
}
