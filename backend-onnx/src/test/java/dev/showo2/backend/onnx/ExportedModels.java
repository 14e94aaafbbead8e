package dev.showo2.backend.onnx;

import dev.showo2.conformance.FixtureModels;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportPrecision;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.model.Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the reference checkpoints as bundles; each is exported once in a process. */
public final class ExportedModels implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Models.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, Namespace.create(ExportedModels.class))
        .getOrComputeIfAbsent(Models.class, type -> new Models(), Models.class);
  }

  /** The reference checkpoints and their bundles. */
  static final class Models implements AutoCloseable {

    private final FixtureModels models = new FixtureModels();
    private final Map<Path, Bundle> inPrecisions = new HashMap<>();

    Path fixture(String name) {
      return models.path(name);
    }

    Bundle bundle(String checkpoint) {
      return models.bundle(checkpoint);
    }

    /**
     * A checkpoint in other precisions than fp32.
     *
     * @param precision as on command lines
     */
    synchronized Bundle bundle(String checkpoint, String precision) {
      Path folder = bundle(checkpoint).directory().resolveSibling(checkpoint + "-" + precision);
      return inPrecisions.computeIfAbsent(
          folder, target -> export(checkpoint, target, ExportPrecision.parse(precision)));
    }

    private Bundle export(String checkpoint, Path target, ExportPrecision precision) {
      try {
        ModelExporter.exportUnchecked(
            ExportRequest.of(fixture(checkpoint), target).withPrecision(precision),
            ExportListener.NONE);
        return Bundle.open(target);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      models.close();
    }
  }
}
