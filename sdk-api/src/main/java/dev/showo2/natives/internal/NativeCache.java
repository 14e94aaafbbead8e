package dev.showo2.natives.internal;

import dev.showo2.error.internal.Interruptions;
import dev.showo2.error.internal.JvmShutdown;
import dev.showo2.model.internal.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A folder in which native libraries are kept unpacked for later starts and other processes. What
 * is found there is compared with the artifact by size and checksum, and by the SHA-256 that was
 * noted when it was unpacked; what differs is unpacked anew. Large files that did not change since
 * they were found to be intact are not read again ({@link CheckedFiles}). Folders appear whole or
 * not at all.
 *
 * <p>Used under {@link NativeLoading#LOCK}; a file lock keeps processes apart.
 */
final class NativeCache {

  /** The hashes of the files beside it, as {@code sha256sum} writes them. */
  static final String HASHES = "SHA256SUMS";

  private static final String LOCK = ".lock";

  /** Begins the names of folders that are deleted by whoever has the lock. */
  private static final String TEMPORARY = ".part-";

  /** Begins the names of folders that are deleted once their files are loaded. */
  private static final String LOADING = ".loading-";

  private static final Duration LOADING_TIME = Duration.ofDays(1);

  private static final int BUFFER_BYTES = 1 << 16;

  /** Reading smaller ones takes less than a tenth of a second. */
  private static final long LARGE_BYTES = 1 << 26;

  /** Much more than the unit in which file systems tell times, a few milliseconds. */
  private static final Duration SETTLED = Duration.ofMillis(100);

  private final Path root;
  private final long large;
  private final Duration settled;

  /**
   * @param root which need not exist
   */
  NativeCache(Path root) {
    this(root, LARGE_BYTES, SETTLED);
  }

  /**
   * @param large bytes of a file from which on it is not read at every start
   * @param settled how long ago the last change of such a file has to be
   */
  NativeCache(Path root, long large, Duration settled) {
    this.root = root;
    this.large = large;
    this.settled = settled;
  }

  /**
   * Unpacks libraries, if they are not there already.
   *
   * @return their folder, which is private and as the artifact says
   * @throws IOException if they can neither be found nor written
   */
  Path unpack(NativeLibraries libraries) throws IOException {
    Path folder = root.resolve(libraries.folder());
    if (Files.isDirectory(folder) && trusted() && isIntact(folder, libraries)) {
      return folder;
    }
    create();
    locked(
        () -> {
          if (!isIntact(folder, libraries)) {
            deleteTemporary();
            replace(folder, libraries);
          }
        });
    return folder;
  }

  /**
   * Unpacks libraries in a new folder, for a class loader beside others that have them loaded.
   *
   * @return the folder, which the caller deletes once they are loaded
   */
  Path unpackAgain(NativeLibraries libraries) throws IOException {
    create();
    locked(this::deleteTemporary);
    return write(libraries, PrivateFolders.createWithin(root, LOADING));
  }

  /**
   * Unpacks libraries in a new folder that nobody else uses.
   *
   * @param parent such as that of temporary files
   * @return the folder, which the caller deletes once they are loaded
   */
  static Path unpackOnce(NativeLibraries libraries, Path parent) throws IOException {
    return new NativeCache(parent)
        .write(libraries, PrivateFolders.createWithin(parent, "showo2-native-"));
  }

  private boolean trusted() throws IOException {
    PrivateFolders.requireUnchangedByOthers(root.getParent());
    PrivateFolders.requirePrivate(root);
    return true;
  }

  /** Makes the folder, if it is not there. */
  void create() throws IOException {
    PrivateFolders.create(root);
    trusted();
  }

  /** A piece of work that reads and writes files. */
  private interface FileWork {
    void run() throws IOException;
  }

  private void locked(FileWork work) throws IOException {
    Path file = root.resolve(LOCK);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock();
      // Closing the channel gives the lock back.
      work.run();
    }
  }

  /** What processes left that ended while they had the lock. */
  private void deleteTemporary() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(root, TEMPORARY + "*")) {
      left.forEach(PrivateFolders::delete);
    }
    Instant longAgo = Instant.now().minus(LOADING_TIME);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(root, LOADING + "*")) {
      for (Path each : left) {
        if (Files.getLastModifiedTime(each).toInstant().isBefore(longAgo)) {
          PrivateFolders.delete(each);
        }
      }
    }
  }

  private void replace(Path folder, NativeLibraries libraries) throws IOException {
    Path written = write(libraries, PrivateFolders.createWithin(root, TEMPORARY));
    try {
      if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        Path bad = PrivateFolders.createWithin(root, TEMPORARY);
        Files.move(folder, bad.resolve("bad"), StandardCopyOption.ATOMIC_MOVE);
        PrivateFolders.delete(bad);
      }
      Files.move(written, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      PrivateFolders.delete(written);
      throw e;
    }
  }

  private Path write(NativeLibraries libraries, Path folder) throws IOException {
    try {
      CheckedFiles checked = CheckedFiles.none(folder);
      StringBuilder hashes = new StringBuilder();
      for (NativeLibraries.Resource file : libraries.files()) {
        hashes.append(write(file, folder)).append("  ").append(file.name()).append('\n');
        if (file.size() >= large) {
          checked.add(file.name(), stored(folder.resolve(file.name())));
        }
      }
      Files.writeString(folder.resolve(HASHES), hashes);
      checked.save();
      return folder;
    } catch (IOException | RuntimeException | Error e) {
      PrivateFolders.delete(folder);
      throw e;
    }
  }

  /**
   * Waits until a file is on the disk: what is lost with the power could otherwise go unseen.
   *
   * @return its description
   */
  private Optional<String> stored(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    return CheckedFiles.describe(file, settled);
  }

  /** {@return the SHA-256 of what was written} */
  private static String write(NativeLibraries.Resource file, Path folder) throws IOException {
    Content content = new Content();
    try (InputStream in = file.open();
        OutputStream out = PrivateFolders.createFile(folder.resolve(file.name()))) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        // The JVM's end does not wait for half a gigabyte; what is there is deleted.
        JvmShutdown.check();
        content.add(buffer, read);
        out.write(buffer, 0, read);
      }
    }
    if (!content.matches(file)) {
      throw new IOException("the artifact is damaged: " + file.url());
    }
    return content.sha256();
  }

  private boolean isIntact(Path folder, NativeLibraries libraries) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try {
      PrivateFolders.requirePrivate(folder);
      List<String> hashes = Files.readAllLines(folder.resolve(HASHES));
      CheckedFiles checked = CheckedFiles.read(folder);
      for (NativeLibraries.Resource file : libraries.files()) {
        Path path = folder.resolve(file.name());
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
            || Files.size(path) != file.size()) {
          return false;
        }
        PrivateFolders.requirePrivate(path);
        Optional<String> description = CheckedFiles.describe(path, settled);
        if (file.size() >= large && checked.contains(description)) {
          continue;
        }
        Content content = read(path);
        if (!content.matches(file) || !hashes.contains(content.sha256() + "  " + file.name())) {
          return false;
        }
        if (file.size() >= large) {
          checked.add(file.name(), description);
        }
      }
      checked.save();
      return true;
    } catch (IOException e) {
      // Reading fails when the thread is interrupted, whatever the files are like.
      if (Interruptions.caused(e)) {
        throw e;
      }
      return false;
    }
  }

  private static Content read(Path path) throws IOException {
    Content content = new Content();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(path)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        JvmShutdown.check();
        content.add(buffer, read);
      }
    }
    return content;
  }

  /** The checksums of bytes that are read or written. */
  private static final class Content {

    private final MessageDigest digest = Sha256.newDigest();
    private final CRC32 crc = new CRC32();
    private long size;

    void add(byte[] bytes, int length) {
      digest.update(bytes, 0, length);
      crc.update(bytes, 0, length);
      size += length;
    }

    boolean matches(NativeLibraries.Resource file) {
      return size == file.size() && crc.getValue() == file.crc();
    }

    /** To be called once. */
    String sha256() {
      return Sha256.hex(digest.digest());
    }
  }
}
