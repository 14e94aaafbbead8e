package dev.showo2.samples.demo;

import dev.showo2.export.ModelExporter;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.internal.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The demo checkpoint that lies beside this class as resources. */
final class DemoCheckpoint {

  /** Lines of {@code sha256sum}; hashing the files themselves would cost every start their time. */
  private static final String SUMS = "SHA256SUMS";

  private static final int NAME_DIGITS = 16;

  private DemoCheckpoint() {}

  /** Names and hashes of the files. */
  static Map<String, String> hashes() throws IOException {
    Map<String, String> hashes = new LinkedHashMap<>();
    for (String line : new String(bytes(SUMS), StandardCharsets.UTF_8).lines().toList()) {
      String[] parts = line.split(" +");
      hashes.put(parts[1], parts[0]);
    }
    return hashes;
  }

  /** Writes the files into a folder. */
  static void copyTo(Path folder) throws IOException {
    for (Map.Entry<String, String> file : hashes().entrySet()) {
      Path copy = folder.resolve(file.getKey());
      try (InputStream in = open(file.getKey())) {
        Files.copy(in, copy);
      }
      if (!Sha256.of(copy).equals(file.getValue())) {
        throw new IOException(
            "the demo checkpoint in this program is damaged ("
                + file.getKey()
                + "); build it anew");
      }
    }
  }

  /**
   * The name of the bundle that this program makes of the checkpoint. It changes with the files,
   * with the bundle's format, and with the exporter's code: two snapshots of one version may write
   * other graphs.
   */
  static String bundleName() throws IOException {
    MessageDigest digest = Sha256.newDigest();
    digest.update(bytes(SUMS));
    digest.update((byte) BundleManifest.FORMAT_VERSION);
    for (Path file : exporter()) {
      digest.update(Files.readAllBytes(file));
    }
    return "demo-" + Sha256.hex(digest.digest()).substring(0, NAME_DIGITS);
  }

  /** The exporter's jar, or its class files. */
  private static List<Path> exporter() throws IOException {
    CodeSource source = ModelExporter.class.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    if (location == null || !location.getProtocol().equals("file")) {
      return List.of();
    }
    try (Stream<Path> tree = Files.walk(Path.of(location.toURI()))) {
      return tree.filter(Files::isRegularFile).sorted().toList();
    } catch (URISyntaxException e) {
      throw new IOException("the exporter lies at no path: " + location, e);
    }
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = open(name)) {
      return in.readAllBytes();
    }
  }

  private static InputStream open(String name) throws IOException {
    InputStream in = DemoCheckpoint.class.getResourceAsStream(name);
    if (in == null) {
      throw new IOException("this program was built without its demo checkpoint: no " + name);
    }
    return in;
  }
}
