package dev.showo2.conformance;

import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.internal.TemporaryFolder;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.model.Bundle;
import dev.showo2.model.StagePrecisions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * The checkpoints of the kit as bundles. Each is exported when it is first asked for, without
 * running a stage, and deleted on close. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FixtureModels implements AutoCloseable {

  /** Random weights; between them they have what checkpoints can differ in. */
  public static final List<String> TINY = List.of("tiny-a", "tiny-b");

  /** Trained on colored shapes. */
  public static final String DEMO = "demo";

  /** In which they are exported. */
  static final StagePrecisions PRECISIONS = StagePrecisions.FP32;

  private final Fixtures fixtures = Fixtures.open();
  private final TemporaryFolder folder = new TemporaryFolder("showo2-models");
  private final Map<String, Bundle> bundles = new HashMap<>();

  /**
   * {@return the bundle of a checkpoint, such as {@code tiny-a}}
   *
   * @param checkpoint name of the checkpoint
   */
  public synchronized Bundle bundle(String checkpoint) {
    return bundles.computeIfAbsent(checkpoint, this::export);
  }

  private Bundle export(String checkpoint) {
    try {
      Path bundle = folder.path().resolve(checkpoint);
      ModelExporter.exportUnchecked(
          ExportRequest.of(fixtures.path(checkpoint), bundle), ExportListener.NONE);
      return Bundle.open(bundle);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@return the outputs of the official code on a checkpoint}
   *
   * @param checkpoint name of the checkpoint
   */
  public GoldenSet goldens(String checkpoint) {
    return GoldenSet.open(fixtures.path(checkpoint));
  }

  /**
   * {@return a file or folder of the fixtures}
   *
   * @param name a path within the fixtures
   */
  public Path path(String name) {
    return fixtures.path(name);
  }

  @Override
  public void close() {
    try (folder) {
      fixtures.close();
    }
  }
}
