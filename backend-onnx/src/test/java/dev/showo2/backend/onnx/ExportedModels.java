package dev.showo2.backend.onnx;

import dev.showo2.conformance.Fixtures;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.model.Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the reference checkpoints as bundles; each is exported once for all tests. */
public final class ExportedModels implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Models.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(ExportedModels.class))
        .getOrComputeIfAbsent(Models.class, type -> new Models(), Models.class);
  }

  /** The reference checkpoints and their bundles. */
  static final class Models implements AutoCloseable {

    private final Fixtures fixtures = Fixtures.open();
    private final TemporaryFolder folder = TemporaryFolder.create();
    private final Map<String, Bundle> bundles = new ConcurrentHashMap<>();

    Path fixture(String name) {
      return fixtures.path(name);
    }

    Bundle bundle(String checkpoint) {
      return bundles.computeIfAbsent(checkpoint, this::export);
    }

    private Bundle export(String checkpoint) {
      Path target = folder.path().resolve(checkpoint);
      try {
        ModelExporter.export(
            ExportRequest.of(fixtures.path(checkpoint), target), ExportListener.NONE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Bundle.open(target);
    }

    @Override
    public void close() {
      try (folder) {
        fixtures.close();
      }
    }
  }
}
