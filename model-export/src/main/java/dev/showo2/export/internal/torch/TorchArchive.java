package dev.showo2.export.internal.torch;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.internal.io.CheckpointFile;
import dev.showo2.export.internal.io.ChunkedReading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;

/**
 * The zip archive that torch.save writes: one folder with the pickle, which describes the tensors,
 * and one file per storage, which holds their values.
 */
final class TorchArchive implements AutoCloseable {

  private static final String PICKLE = "/data.pkl";

  /** That of the 7B checkpoint has 110 kB. */
  private static final int MAX_PICKLE_BYTES = 16 << 20;

  private static final int MAX_BYTE_ORDER_BYTES = 16;

  private final CheckpointFile file;
  private final Map<String, ZipEntry> entries;
  private final String folder;
  private final Set<ZipEntry> verified = ConcurrentHashMap.newKeySet();

  /** Takes over the file; if this fails, the caller still closes it. */
  TorchArchive(CheckpointFile file) {
    this.file = file;
    this.entries = ZipDirectory.read(file);
    this.folder = folder();
    requireLittleEndian();
  }

  CheckpointFile file() {
    return file;
  }

  ByteBuffer pickle() {
    return readSmall(entries.get(folder + PICKLE), MAX_PICKLE_BYTES);
  }

  /** The bytes of a storage; null if the archive has none of this key. */
  ZipEntry storage(String key) {
    return entries.get(folder + "/data/" + key);
  }

  boolean isVerified(ZipEntry entry) {
    return verified.contains(entry);
  }

  /** Compares the checksum of bytes that were just read with that of the archive. */
  void verify(ZipEntry entry, CRC32 found) {
    if ((int) found.getValue() != entry.crc()) {
      throw new InvalidModelException(
          file.path()
              + ": '"
              + entry.name()
              + "' was altered: its CRC-32 should be "
              + String.format("%08x", entry.crc())
              + ", found "
              + String.format("%08x", (int) found.getValue())
              + "; get the file again, or if it was saved with"
              + " torch.serialization.set_crc32_options(False), save it with checksums");
    }
    verified.add(entry);
  }

  /** Reads an entry once only to check it, unless that was done before. */
  void verify(ZipEntry entry) {
    if (isVerified(entry)) {
      return;
    }
    CRC32 crc = new CRC32();
    try {
      ChunkedReading.stream(
          entry.size(),
          (position, chunk) -> file.read(entry.offset() + position, chunk),
          crc::update);
    } catch (IOException e) {
      throw new UncheckedIOException("a checksum does no input or output", e);
    }
    verify(entry, crc);
  }

  private String folder() {
    List<String> pickles =
        entries.keySet().stream()
            .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.lastIndexOf('/'))
            .toList();
    if (pickles.size() != 1) {
      throw file.invalid(
          "a torch checkpoint has one 'data.pkl' in its folder, this one has " + pickles.size());
    }
    String folder = pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
    for (String name : entries.keySet()) {
      if (!name.startsWith(folder + "/")) {
        throw file.invalid("its entry '" + name + "' is outside its folder '" + folder + "'");
      }
    }
    return folder;
  }

  private void requireLittleEndian() {
    // Torch before 2.1 wrote no such entry, and no big-endian files that it could load elsewhere.
    ZipEntry entry = entries.get(folder + "/byteorder");
    if (entry == null) {
      return;
    }
    String order =
        StandardCharsets.US_ASCII.decode(readSmall(entry, MAX_BYTE_ORDER_BYTES)).toString();
    if (!order.equals("little")) {
      throw new InvalidModelException(
          file.path()
              + ": byteorder should be 'little', found '"
              + order
              + "'; save the checkpoint again on a little-endian machine (x86, ARM)");
    }
  }

  private ByteBuffer readSmall(ZipEntry entry, int maxBytes) {
    if (entry.size() > maxBytes) {
      throw file.invalid(
          "'"
              + entry.name()
              + "' has "
              + entry.size()
              + " bytes, at most "
              + maxBytes
              + " are read");
    }
    ByteBuffer bytes = file.read(entry.offset(), (int) entry.size());
    CRC32 crc = new CRC32();
    crc.update(bytes.duplicate());
    verify(entry, crc);
    return bytes;
  }

  @Override
  public void close() {
    file.close();
  }
}
