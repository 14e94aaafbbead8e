package dev.showo2.export;

import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.GenerationDefaults;
import dev.showo2.model.GraphFile;
import dev.showo2.model.SpecialTokens;
import dev.showo2.model.StagePrecisions;
import dev.showo2.model.internal.Sha256;
import dev.showo2.stage.Stage;
import java.util.List;

/** A manifest that a fuzzer starts from, and the files that it lists. */
final class FuzzedManifest {

  static final String GRAPH = "backbone.onnx";

  /** The contents of every file. */
  static final byte[] CONTENTS = {1, 2, 3, 4};

  private FuzzedManifest() {}

  static String seed() {
    String hash = Sha256.of(CONTENTS);
    return new BundleManifest(
            "fuzzed",
            StagePrecisions.FP32,
            TinyArchitecture.TIED,
            new SpecialTokens(491, 492, 499, 500, 506, 507, 502, 503, 504),
            new GenerationDefaults(4, 5, 3, "euler", 2, 12),
            List.of(
                new BundleFile(Bundle.TOKENIZER_FILE, CONTENTS.length, hash),
                new BundleFile(GRAPH, CONTENTS.length, hash)),
            List.of(new GraphFile(Stage.BACKBONE, GraphFile.PORTABLE, GRAPH)))
        .toJson();
  }
}
