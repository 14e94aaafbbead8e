package dev.showo2.backend.onnx;

import dev.showo2.error.internal.Interruptions;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.internal.Sha256;
import dev.showo2.natives.internal.PrivateFolders;
import dev.showo2.natives.internal.SealedFolder;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The entry of one packed graph: the graph itself, and length and checksum of its companion, the
 * weights. The entry has a seal; a checksum is enough for weights in a folder that only this user
 * can write to, and takes a fraction of the time of a hash.
 */
final class PackedGraph {

  /** Changes when older entries would be misread. */
  private static final int FORMAT = 1;

  private static final int BUFFER_BYTES = 1 << 20;

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  /** What the engine chooses kernels by, and with them the layout of weights. */
  private static final List<String> KERNELS =
      List.of(
          "vendor_id", "cpu family", "model", "flags", "CPU implementer", "CPU part", "Features");

  private PackedGraph() {}

  /**
   * Hashes all that a packed graph depends on: content, engine, processor and options. Times of
   * files are part of it for bundles that are opened without comparing hashes.
   */
  static String key(Bundle bundle, Path graph, GraphWeights weights, OnnxOptions options)
      throws IOException {
    List<String> all = new ArrayList<>();
    all.add("format " + FORMAT);
    all.add("engine " + OnnxLibrary.version().orElse("unknown"));
    all.add("processor " + processor());
    all.add("optimization " + options.graphOptimization());
    all.add("exact products " + options.exactIntegerProducts());
    for (BundleFile file : bundle.manifest().files()) {
      if (file.name().equals(graph.getFileName().toString()) || weights.files().contains(file)) {
        Path path = bundle.directory().resolve(file.name());
        all.add(file.name() + " " + file.sha256() + " " + Files.getLastModifiedTime(path));
      }
    }
    return Sha256.of(String.join("\n", all).getBytes(StandardCharsets.UTF_8));
  }

  private static String processor() {
    String name = System.getProperty("os.arch") + " " + System.getenv().get("PROCESSOR_IDENTIFIER");
    try (Stream<String> lines = Files.lines(PROCESSORS)) {
      return name
          + lines
              .takeWhile(line -> !line.isBlank())
              .filter(line -> KERNELS.contains(line.split("\\s*:", 2)[0].strip()))
              .toList();
    } catch (IOException | RuntimeException e) {
      return name;
    }
  }

  /** Writes the entry of a graph and weights that are complete. */
  static void write(Path entry, Path graph, Path weights) throws IOException {
    byte[] bytes = Files.readAllBytes(graph);
    try (DataOutputStream out = new DataOutputStream(PrivateFolders.createFile(entry))) {
      out.writeLong(Files.size(weights));
      out.writeLong(checksum(weights));
      out.write(bytes);
    }
  }

  /**
   * Reads an entry.
   *
   * @return the graph; empty if the weights are not those that were written with it
   */
  static Optional<byte[]> read(SealedFolder.Entry entry) throws IOException {
    List<ByteBuffer> parts = entry.parts();
    if (parts.size() != 1 || parts.get(0).remaining() < 2 * Long.BYTES) {
      return Optional.empty();
    }
    ByteBuffer content = parts.get(0);
    long length = content.getLong();
    long checksum = content.getLong();
    Path weights = entry.companion().orElseThrow();
    try {
      if (!Files.isRegularFile(weights, LinkOption.NOFOLLOW_LINKS)
          || Files.size(weights) != length
          || checksum(weights) != checksum) {
        return Optional.empty();
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    byte[] graph = new byte[content.remaining()];
    content.get(graph);
    return Optional.of(graph);
  }

  /** Reads instead of mapping: what Java maps stays mapped until its garbage is collected. */
  private static long checksum(Path file) throws IOException {
    CRC32C checksum = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (channel.read(buffer.clear()) >= 0) {
        Interruptions.check();
        checksum.update(buffer.flip());
      }
    }
    return checksum.getValue();
  }
}
