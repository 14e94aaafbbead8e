package dev.showo2.conformance.internal.reference;

import dev.showo2.model.Architecture;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.HostBackedTensor;
import dev.showo2.spi.support.StageArguments;
import dev.showo2.tensor.HostTensor;

/**
 * The parts of one backend that all its stages use.
 *
 * @param architecture sizes of the model
 * @param weights of the bundle
 * @param formulas that stages compute
 * @param arguments checks what stages are given
 */
record ReferenceContext(
    Architecture architecture,
    Weights weights,
    Formulas formulas,
    StageArguments<HostBackedTensor, ReferenceKvCache> arguments) {

  ReferenceContext(
      Architecture architecture, Weights weights, Formulas formulas, BackendLifetime lifetime) {
    this(
        architecture,
        weights,
        formulas,
        new StageArguments<>(
            architecture, lifetime, HostBackedTensor.class, ReferenceKvCache.class));
  }

  BackendLifetime lifetime() {
    return arguments.lifetime();
  }

  HostBackedTensor tensor(HostTensor values) {
    return new HostBackedTensor(lifetime(), values);
  }
}
