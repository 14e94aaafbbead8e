package dev.showo2.conformance.property;

import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyAttributes;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Sets the number of tries and the seed of properties, unless their class sets them: few, and the
 * same every time.
 */
final class PropertyRun implements AroundPropertyHook {

  static int models() {
    return Integer.getInteger(BackendProperties.MODELS_PROPERTY, BackendProperties.DEFAULT_MODELS);
  }

  private static int tries() {
    return Integer.getInteger(BackendProperties.TRIES_PROPERTY, BackendProperties.DEFAULT_TRIES);
  }

  static long seed() {
    return Long.getLong(BackendProperties.SEED_PROPERTY, BackendProperties.DEFAULT_SEED);
  }

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) {
    PropertyAttributes attributes = context.attributes();
    if (attributes.tries().isEmpty()) {
      attributes.setTries(tries());
    }
    if (attributes.seed().isEmpty()) {
      attributes.setSeed(Long.toString(seed()));
    }
    if (attributes.edgeCases().isEmpty()) {
      // The smallest and largest of everything would take up all of so few tries.
      attributes.setEdgeCases(EdgeCasesMode.NONE);
    }
    return property.execute();
  }

  @Override
  public int aroundPropertyProximity() {
    // Within the -10 of jqwik's own defaults, which have been set when this asks for them.
    return -5;
  }
}
