package dev.showo2.bench;

import dev.showo2.conformance.internal.TemporaryFolder;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportPrecision;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.export.synthetic.SyntheticCheckpoint;
import dev.showo2.export.synthetic.SyntheticModels;
import dev.showo2.export.synthetic.SyntheticRequest;
import dev.showo2.model.Architecture;
import dev.showo2.model.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Bundles of a model whose language head is a matrix of the size of the feed-forward layers of
 * 1.5B, and all else small: a call of it is a product, on whichever engine.
 */
final class ProductBundle implements AutoCloseable {

  private static final int HIDDEN_SIZE = 1536;
  private static final int HEADS = 12;
  private static final int KEY_VALUE_HEADS = 2;
  private static final int HEAD_SIZE = 128;
  private static final int OUTPUTS = 8960;

  private final TemporaryFolder folder = new TemporaryFolder("showo2-bench");

  /** Writes a bundle for each precision. */
  Map<Precision, Path> write(Set<Precision> precisions) throws IOException {
    Path checkpoint = folder.path().resolve("checkpoint");
    SyntheticCheckpoint.write(checkpoint, SyntheticRequest.of(architecture(), 1));
    Map<Precision, Path> bundles = new LinkedHashMap<>();
    for (Precision precision : precisions) {
      Path bundle = folder.path().resolve(precision.id());
      ModelExporter.exportUnchecked(
          ExportRequest.of(checkpoint, bundle).withPrecision(ExportPrecision.of(precision)),
          ExportListener.NONE);
      bundles.put(precision, bundle);
    }
    return bundles;
  }

  private static Architecture architecture() {
    Architecture tiny = SyntheticModels.architecture("tiny").orElseThrow();
    Architecture.Decoder backbone = tiny.backbone();
    return new Architecture(
        new Architecture.Decoder(
            HIDDEN_SIZE,
            1,
            HEADS,
            KEY_VALUE_HEADS,
            HEAD_SIZE,
            backbone.feedForwardSize(),
            OUTPUTS,
            backbone.normEpsilon(),
            backbone.ropeTheta(),
            true),
        tiny.semantic(),
        tiny.flowHead(),
        tiny.vae(),
        tiny.patchSize(),
        tiny.imageGrid(),
        tiny.videoGrid(),
        tiny.videoUnderstandingGrid());
  }

  @Override
  public void close() {
    folder.close();
  }
}
