package dev.showo2.testing;

import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.GenerationDefaults;
import dev.showo2.model.GraphFile;
import dev.showo2.model.SpecialTokens;
import dev.showo2.model.StagePrecisions;
import dev.showo2.model.internal.Sha256;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TokenGrid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A bundle with the tiny tokenizer, one graph of four bytes and no weights. */
public final class FakeBundle {

  public static final String GRAPH = "backbone.onnx";

  public static final int VOCABULARY = TinyTokenizer.VOCABULARY;

  /** Longest prompt, in tokens. */
  public static final int MAX_PROMPT = 12;

  private static final byte[] GRAPH_BYTES = {1, 2, 3, 4};

  private FakeBundle() {}

  /**
   * @param positions length of the position table; 4 is that of the model's own size of 32x32
   *     pixels, any other one lets the model draw other sizes
   */
  public static Architecture architecture(int positions) {
    return new ArchitectureBuilder()
        .semantic(8, 1, 2, 8, positions)
        .latents(0.1f, 1.5f)
        .grids(new TokenGrid(2, 2), new TokenGrid(2, 1), new TokenGrid(1, 2))
        .build();
  }

  /** The ids of the tiny tokenizer's special tokens. */
  public static SpecialTokens tokens() {
    return new SpecialTokens(491, 492, 499, 500, 506, 507, 502, 503, 504);
  }

  public static BundleManifest manifest(int positions) {
    byte[] tokenizer = TinyTokenizer.json();
    return new BundleManifest(
        "fake",
        StagePrecisions.FP32,
        architecture(positions),
        tokens(),
        new GenerationDefaults(4, 5, 3, "euler", 2, MAX_PROMPT),
        List.of(
            new BundleFile(Bundle.TOKENIZER_FILE, tokenizer.length, Sha256.of(tokenizer)),
            new BundleFile(GRAPH, GRAPH_BYTES.length, Sha256.of(GRAPH_BYTES))),
        List.of(new GraphFile(Stage.BACKBONE, GraphFile.PORTABLE, GRAPH)));
  }

  /** Writes a bundle that opens. */
  public static Path write(Path directory) throws IOException {
    return write(directory, manifest(4).toJson());
  }

  /** Writes the bundle's files beside any manifest. */
  public static Path write(Path directory, String manifest) throws IOException {
    Files.createDirectories(directory);
    TinyTokenizer.write(directory);
    Files.write(directory.resolve(GRAPH), GRAPH_BYTES);
    Files.write(
        directory.resolve(BundleManifest.FILE_NAME), manifest.getBytes(StandardCharsets.UTF_8));
    return directory;
  }
}
