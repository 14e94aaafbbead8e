package dev.showo2.conformance.internal.golden;

import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.GenerationDefaults;
import dev.showo2.model.Integrity;
import dev.showo2.model.SpecialTokens;
import dev.showo2.model.StagePrecisions;
import dev.showo2.stage.TokenGrid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/** A bundle without weights: the kit hands it on and the fakes do not look at it. */
public final class TestBundle {

  private TestBundle() {}

  public static Bundle in(Path directory) throws IOException {
    Architecture architecture =
        new Architecture(
            new Architecture.Decoder(8, 1, 2, 1, 4, 8, 16, 1e-6, 1e6, true),
            new Architecture.Semantic(8, 1, 2, 8, 1e-6, 4),
            new Architecture.FlowHead(
                8, 1, 2, 1, 4, 8, 1e-5, 5e5, new Architecture.RopeScaling(32, 1, 4, 8192)),
            new Architecture.Vae(
                4,
                16,
                List.of(1, 2, 4, 4),
                2,
                List.of(false, true, true),
                Collections.nCopies(16, 0f),
                Collections.nCopies(16, 1f)),
            2,
            new TokenGrid(2, 2),
            new TokenGrid(2, 2),
            new TokenGrid(2, 2));
    BundleManifest manifest =
        new BundleManifest(
            "test",
            StagePrecisions.FP32,
            architecture,
            new SpecialTokens(0, 1, 2, 3, 4, 5, 6, 7, 8),
            new GenerationDefaults(4, 1, 3, "euler", 2, 16),
            List.of(new BundleFile(Bundle.TOKENIZER_FILE, 2, "0".repeat(64))),
            List.of());
    Files.writeString(directory.resolve(Bundle.TOKENIZER_FILE), "{}");
    Files.writeString(directory.resolve(BundleManifest.FILE_NAME), manifest.toJson());
    return Bundle.open(directory, Integrity.SIZES);
  }
}
