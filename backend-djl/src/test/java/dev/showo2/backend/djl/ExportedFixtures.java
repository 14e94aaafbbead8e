package dev.showo2.backend.djl;

import dev.showo2.conformance.FixtureModels;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the kit's checkpoints as bundles, each exported once in a process. */
public final class ExportedFixtures implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == FixtureModels.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, Namespace.create(ExportedFixtures.class))
        .getOrComputeIfAbsent(
            FixtureModels.class, type -> new FixtureModels(), FixtureModels.class);
  }
}
