package dev.showo2.train.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The tiny checkpoints of the official code, as folders. */
enum TinyCheckpoint {
  /** Tied embeddings, one torch file. */
  TINY_A("tiny-a", List.of("pytorch_model.bin")),

  /** Untied, in two torch files with an index. */
  TINY_B(
      "tiny-b",
      List.of(
          "pytorch_model.bin.index.json",
          "pytorch_model-00001-of-00002.bin",
          "pytorch_model-00002-of-00002.bin"));

  private static final List<String> BESIDE =
      List.of("arch.json", "config.json", "tokenizer.json", "tokenizer_config.json", "vae.pth");

  private final String id;
  private final List<String> weights;

  TinyCheckpoint(String id, List<String> weights) {
    this.id = id;
    this.weights = weights;
  }

  /** Makes a folder of its name with all files. */
  Path copyTo(Path parent) throws IOException {
    Path folder = Files.createDirectories(parent.resolve(id));
    for (String file : BESIDE) {
      copy(file, folder);
    }
    for (String file : weights) {
      copy(file, folder);
    }
    return folder;
  }

  private void copy(String file, Path folder) throws IOException {
    try (InputStream in =
        TinyCheckpoint.class.getResourceAsStream("/dev/showo2/fixtures/" + id + "/" + file)) {
      Files.copy(in, folder.resolve(file));
    }
  }
}
