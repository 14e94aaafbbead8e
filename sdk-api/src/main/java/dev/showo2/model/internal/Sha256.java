package dev.showo2.model.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apiguardian.api.API;

/** Computes SHA-256 hashes as lower-case hexadecimal digits. Stateless and thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Sha256 {

  private static final int BUFFER_BYTES = 1 << 20;

  private Sha256() {}

  /**
   * Hashes bytes.
   *
   * @param bytes to hash
   * @return 64 hexadecimal digits
   */
  public static String of(byte[] bytes) {
    return hex(newDigest().digest(bytes));
  }

  /**
   * Hashes a file.
   *
   * @param file to read
   * @return 64 hexadecimal digits
   * @throws IOException if the file cannot be read
   */
  public static String of(Path file) throws IOException {
    MessageDigest digest = newDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return hex(digest.digest());
  }

  /** {@return a new SHA-256 digest} */
  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /**
   * Formats a hash.
   *
   * @param digest of 32 bytes
   * @return 64 hexadecimal digits
   */
  public static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }
}
