package dev.showo2.natives.internal;

import dev.showo2.error.internal.Interruptions;
import dev.showo2.model.internal.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apiguardian.api.API;

/**
 * The mark of files that were written here: an HMAC-SHA-256 with a secret of their folder, over the
 * content and what it is of. It follows the content, which is written by others and would have to
 * be copied to be put behind a header. Thread-safe.
 *
 * <p>After the content come a magic number and the format (8 and 4 bytes), the length of the
 * content (8), the hash of its name (32) and the HMAC of all that (32).
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Seal {

  /** Changes when older files would be misread. */
  public static final int FORMAT = 1;

  /** Bytes that follow the content. */
  public static final int BYTES = 8 + 4 + 8 + 32 + 32;

  /** The file with the secret. */
  public static final String SECRET = "secret";

  private static final String ALGORITHM = "HmacSHA256";
  private static final long MAGIC = 0x5332_454e_4749_4e45L; // "S2ENGINE"
  private static final int SECRET_BYTES = 32;

  /** Bytes of the largest part of a file that is mapped. */
  private static final long PART_BYTES = 1 << 30;

  /** Bytes that are hashed at a time, between which an interrupt counts. */
  private static final int CHUNK_BYTES = 1 << 24;

  private static final Set<PosixFilePermission> OF_OWNER =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final SecretKeySpec secret;
  private final long partBytes;

  /**
   * @param partBytes of the largest part that {@link #open} gives
   */
  Seal(byte[] secret, long partBytes) {
    this.secret = new SecretKeySpec(secret, ALGORITHM);
    this.partBytes = partBytes;
  }

  /** Reads the secret of a folder, or makes one if there is none that only its owner can read. */
  public static Seal of(Path folder) throws IOException {
    Path file = folder.resolve(SECRET);
    byte[] secret = Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? read(file) : new byte[0];
    if (secret.length != SECRET_BYTES) {
      secret = new byte[SECRET_BYTES];
      new SecureRandom().nextBytes(secret);
      Path temporary = folder.resolve(SECRET + ".part");
      Files.deleteIfExists(temporary);
      try {
        try (OutputStream out = PrivateFolders.createFile(temporary)) {
          out.write(secret);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    }
    return new Seal(secret, PART_BYTES);
  }

  /** {@return no bytes if others may have read or written them} */
  private static byte[] read(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || Files.size(file) != SECRET_BYTES
        || file.getFileSystem().supportedFileAttributeViews().contains("posix")
            && !OF_OWNER.containsAll(Files.getPosixFilePermissions(file))) {
      return new byte[0];
    }
    PrivateFolders.requirePrivate(file);
    return Files.readAllBytes(file);
  }

  /**
   * Marks a file that is complete, and has it written to the disk.
   *
   * @param name of what it holds
   */
  public void append(Path file, String name) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      long length = channel.size();
      ByteBuffer end = ByteBuffer.allocate(BYTES).put(head(length, name));
      end.put(digest(map(channel, length), head(length, name))).flip();
      channel.position(length);
      while (end.hasRemaining()) {
        channel.write(end);
      }
      channel.force(true);
    }
  }

  /**
   * Reads a file that was marked with this secret.
   *
   * @param name of what it should hold
   * @return its content, direct and mapped, in parts; empty if there is no such file or it is
   *     another one
   */
  public Optional<List<ByteBuffer>> open(Path file, String name) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      long length = channel.size() - BYTES;
      if (length < 0) {
        return Optional.empty();
      }
      ByteBuffer end = ByteBuffer.allocate(BYTES);
      while (end.hasRemaining()) {
        if (channel.read(end, length + end.position()) < 0) {
          return Optional.empty();
        }
      }
      byte[] head = head(length, name);
      if (!end.flip().slice(0, head.length).equals(ByteBuffer.wrap(head))) {
        return Optional.empty();
      }
      List<ByteBuffer> parts = map(channel, length);
      byte[] found = new byte[BYTES - head.length];
      end.get(head.length, found);
      return MessageDigest.isEqual(found, digest(parts, head))
          ? Optional.of(parts)
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static byte[] head(long length, String name) {
    return ByteBuffer.allocate(8 + 4 + 8 + 32)
        .putLong(MAGIC)
        .putInt(FORMAT)
        .putLong(length)
        .put(Sha256.newDigest().digest(name.getBytes(StandardCharsets.UTF_8)))
        .array();
  }

  private List<ByteBuffer> map(FileChannel channel, long length) throws IOException {
    List<ByteBuffer> parts = new ArrayList<>();
    for (long start = 0; start < length; start += partBytes) {
      long size = Math.min(partBytes, length - start);
      parts.add(channel.map(FileChannel.MapMode.READ_ONLY, start, size));
    }
    return List.copyOf(parts);
  }

  private byte[] digest(List<ByteBuffer> parts, byte[] head) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      for (ByteBuffer part : parts) {
        for (int start = 0; start < part.limit(); start += CHUNK_BYTES) {
          Interruptions.check();
          mac.update(part.slice(start, Math.min(CHUNK_BYTES, part.limit() - start)));
        }
      }
      return mac.doFinal(head);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has " + ALGORITHM, e);
    }
  }
}
