package dev.showo2.backend.djl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A randomly initialized SigLIP of three layers, and what transformers computes with it. */
final class TinySiglip {

  /** Pixels [2, 3, 18, 18], and the hidden states behind two and three layers. */
  static final String GOLDEN = "golden/features.safetensors";

  private TinySiglip() {}

  /** Puts the checkpoint into a folder, and its golden. */
  static void copyTo(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("golden"));
    for (String name : new String[] {"config.json", "model.safetensors", GOLDEN}) {
      try (InputStream in = TinySiglip.class.getResourceAsStream("siglip/" + name)) {
        Files.copy(in, folder.resolve(name));
      }
    }
  }
}
