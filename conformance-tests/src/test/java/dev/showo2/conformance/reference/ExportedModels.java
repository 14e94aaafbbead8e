package dev.showo2.conformance.reference;

import dev.showo2.conformance.FixtureModels;
import dev.showo2.model.Bundle;
import java.nio.file.Path;
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
  public static final class Models implements AutoCloseable {

    private final FixtureModels models = new FixtureModels();

    public Path fixture(String name) {
      return models.path(name);
    }

    public Bundle bundle(String checkpoint) {
      return models.bundle(checkpoint);
    }

    @Override
    public void close() {
      models.close();
    }
  }
}
