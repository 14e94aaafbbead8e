package dev.showo2.demo.model;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * The demo checkpoint: a small Show-o2 model, trained on a world of colored shapes, in the released
 * format. Its files are resources of this artifact, as are its goldens ({@code goldens/}), prompts
 * ({@code eval_prompts.json}), sample images ({@code samples/}) and description ({@code
 * README.md}). Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DemoCheckpoint {

  /** The name of the checkpoint, and of the resource folder beside this class. */
  public static final String NAME = "demo";

  /** Lines of {@code sha256sum}; hashing the files themselves would cost every start their time. */
  private static final String SUMS = "SHA256SUMS";

  private DemoCheckpoint() {}

  /**
   * The files that an export needs, with their SHA-256 in hexadecimal digits, as recorded when the
   * checkpoint was added; the files are not read.
   *
   * @return file names, in the order of the record
   * @throws IOException if the record cannot be read
   */
  public static Map<String, String> hashes() throws IOException {
    Map<String, String> hashes = new LinkedHashMap<>();
    try (InputStream in = open(SUMS)) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        String[] parts = line.split(" +");
        hashes.put(parts[1], parts[0]);
      }
    }
    return hashes;
  }

  /**
   * Opens a file of the checkpoint's folder.
   *
   * @param path relative to the folder, such as {@code config.json} or {@code samples/und/00.png}
   * @return the content, to be closed by the caller
   * @throws IOException if there is no such file
   */
  public static InputStream open(String path) throws IOException {
    InputStream in = DemoCheckpoint.class.getResourceAsStream(NAME + "/" + path);
    if (in == null) {
      throw new IOException("this program was built without its demo checkpoint: no " + path);
    }
    return in;
  }

  /**
   * The location of the checkpoint's {@code README.md}, which the other files are beside.
   *
   * @return in a folder or in a jar
   */
  public static URL readme() {
    return DemoCheckpoint.class.getResource(NAME + "/README.md");
  }

  /**
   * Copies the files that an export needs and compares them with {@link #hashes()}.
   *
   * @param folder an empty folder; a model is named after its checkpoint's folder, so it is best
   *     called {@link #NAME}
   * @throws IOException if a file cannot be written, or is damaged
   */
  public static void copyTo(Path folder) throws IOException {
    for (Map.Entry<String, String> file : hashes().entrySet()) {
      MessageDigest digest = sha256();
      try (InputStream in = new DigestInputStream(open(file.getKey()), digest)) {
        Files.copy(in, folder.resolve(file.getKey()));
      }
      if (!HexFormat.of().formatHex(digest.digest()).equals(file.getValue())) {
        throw new IOException(
            "the demo checkpoint in this program is damaged ("
                + file.getKey()
                + "); build it anew");
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
