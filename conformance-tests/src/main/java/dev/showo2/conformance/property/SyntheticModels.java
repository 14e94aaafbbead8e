package dev.showo2.conformance.property;

import dev.showo2.conformance.Fixtures;
import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.compare.Tolerances;
import dev.showo2.conformance.internal.TemporaryFolder;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.export.synthetic.SyntheticCheckpoint;
import dev.showo2.export.synthetic.SyntheticRequest;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.text.TextTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Makes a synthetic model for each architecture, and keeps the latest open to be asked for again.
 */
final class SyntheticModels implements AutoCloseable {

  private static final long SEED = 1;
  private static final int MAX_OPEN = 16;

  private final Fixtures fixtures = Fixtures.open();
  private final Path tokenizer = fixtures.path("tiny-a/tokenizer.json");
  private final int vocabularySize;
  private final Map<Architecture, OpenModel> open = new LinkedHashMap<>(16, 0.75f, true);

  private record OpenModel(TemporaryFolder folder, ComparedModel model) implements AutoCloseable {

    @Override
    public void close() {
      try (folder) {
        model.close();
      }
    }
  }

  SyntheticModels() {
    try (TextTokenizer loaded = TextTokenizer.load(tokenizer)) {
      vocabularySize = loaded.vocabularySize();
    }
  }

  /** Tokens that every model knows. */
  int vocabularySize() {
    return vocabularySize;
  }

  /** A model of these sizes; valid until others have been asked for. */
  ComparedModel of(Architecture sizes, BackendProvider provider, BackendConfig config) {
    OpenModel model = open.get(sizes);
    if (model == null) {
      closeDownTo(MAX_OPEN - 1);
      model = open(sizes, provider, config);
      open.put(sizes, model);
    }
    return model.model();
  }

  private OpenModel open(Architecture sizes, BackendProvider provider, BackendConfig config) {
    TemporaryFolder folder = new TemporaryFolder("showo2-model");
    try {
      Path checkpoint = folder.path().resolve("checkpoint");
      Path bundle = folder.path().resolve("bundle");
      SyntheticCheckpoint.write(checkpoint, SyntheticRequest.of(sizes, SEED, tokenizer));
      ModelExporter.exportUnchecked(ExportRequest.of(checkpoint, bundle), ExportListener.NONE);
      return new OpenModel(folder, ComparedModel.open(Bundle.open(bundle), provider, config));
    } catch (IOException e) {
      folder.close();
      throw new UncheckedIOException("cannot make up a model of " + sizes, e);
    } catch (RuntimeException | Error e) {
      folder.close();
      throw e;
    }
  }

  /** Those first that have not been asked for the longest. */
  private void closeDownTo(int count) {
    Iterator<OpenModel> models = open.values().iterator();
    while (open.size() > count) {
      OpenModel oldest = models.next();
      models.remove();
      oldest.close();
    }
  }

  @Override
  public void close() {
    try (fixtures) {
      closeDownTo(0);
    }
  }

  /** One model, open on the reference backend and on the one that is compared with it. */
  static final class ComparedModel implements AutoCloseable {

    private final Architecture sizes;
    private final Backend reference;
    private final Backend compared;

    private ComparedModel(Architecture sizes, Backend reference, Backend compared) {
      this.sizes = sizes;
      this.reference = reference;
      this.compared = compared;
    }

    static ComparedModel open(Bundle bundle, BackendProvider provider, BackendConfig config) {
      Backend reference = new ReferenceBackendProvider().open(bundle, BackendConfig.defaults());
      try {
        return new ComparedModel(bundle.architecture(), reference, provider.open(bundle, config));
      } catch (RuntimeException | Error e) {
        reference.close();
        throw e;
      }
    }

    /**
     * @throws AssertionError naming the first result in which the backends differ
     */
    void check(StageCase stageCase) {
      Set<Stage> stages = compared.capabilities().stages();
      Map<String, HostTensor> expected = StageRun.of(stageCase, reference, sizes, stages);
      Map<String, HostTensor> actual = StageRun.of(stageCase, compared, sizes, stages);
      expected.forEach(
          (name, tensor) -> {
            Comparison comparison =
                Comparison.of(
                    name, actual.get(name), tensor, Tolerances.of(Precision.FP32).stage());
            if (!comparison.passed()) {
              throw new AssertionError(comparison.toString());
            }
          });
    }

    @Override
    public void close() {
      try (reference) {
        compared.close();
      }
    }
  }
}
