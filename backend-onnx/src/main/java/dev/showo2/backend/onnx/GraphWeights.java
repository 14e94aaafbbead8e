package dev.showo2.backend.onnx;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The files with the weights of one graph. A graph names them in plain text, so that one that names
 * another file without reading it has that file, too.
 */
record GraphWeights(List<BundleFile> files) {

  private static final String ENDING = ".safetensors";

  /**
   * @throws InvalidModelException if the graph cannot be read
   */
  static GraphWeights of(Bundle bundle, Path graph) {
    try {
      String text = Files.readString(graph, StandardCharsets.ISO_8859_1);
      return new GraphWeights(
          bundle.manifest().files().stream()
              .filter(file -> file.name().endsWith(ENDING) && text.contains(file.name()))
              .toList());
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e, () -> new InvalidModelException("cannot read " + graph + ": " + e.getMessage(), e));
    }
  }

  long bytes() {
    return files.stream().mapToLong(BundleFile::size).sum();
  }
}
