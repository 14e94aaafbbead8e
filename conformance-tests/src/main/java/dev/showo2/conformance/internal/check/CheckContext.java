package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.internal.golden.pass.Trainer;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import dev.showo2.tensor.HostTensor;
import dev.showo2.train.spi.TrainingProvider;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/**
 * The backend under test and the reference backend, as an experiment uses them.
 *
 * @param provider of the backend under test, for experiments that open it themselves
 * @param config with which to open it
 * @param tested the backend under test on a bundle; shared by all experiments on that bundle
 * @param loadedReference the reference backend on the same bundle, opened lazily
 * @param changedProperties system properties that changed while the backend was opened
 * @param training the training provider of the backend under test; empty if it does not train
 */
@API(status = API.Status.INTERNAL)
public record CheckContext(
    BackendProvider provider,
    BackendConfig config,
    LoadedBackend tested,
    Supplier<LoadedBackend> loadedReference,
    List<String> changedProperties,
    Optional<TrainingProvider> training) {

  public CheckContext {
    changedProperties = List.copyOf(changedProperties);
  }

  /** The context of a backend whose training provider is looked for by its id. */
  public CheckContext(
      BackendProvider provider,
      BackendConfig config,
      LoadedBackend tested,
      Supplier<LoadedBackend> loadedReference,
      List<String> changedProperties) {
    this(
        provider,
        config,
        tested,
        loadedReference,
        changedProperties,
        Trainer.provider(provider.id()));
  }

  /** The context of a backend that changed no system property. */
  public CheckContext(
      BackendProvider provider,
      BackendConfig config,
      LoadedBackend tested,
      Supplier<LoadedBackend> loadedReference) {
    this(provider, config, tested, loadedReference, List.of());
  }

  /** The bundle that both backends are open on. */
  public Bundle bundle() {
    return tested.bundle();
  }

  /** The backend under test. */
  public Backend backend() {
    return tested.backend();
  }

  /** The reference backend. */
  public Backend reference() {
    return loadedReference.get().backend();
  }

  /** The same with another backend in place of the one under test. */
  public CheckContext with(Backend other) {
    return new CheckContext(
        provider,
        config,
        new LoadedBackend(bundle(), other),
        loadedReference,
        changedProperties,
        training);
  }

  /** The same with another training provider. */
  public CheckContext with(TrainingProvider other) {
    return new CheckContext(
        provider, config, tested, loadedReference, changedProperties, Optional.of(other));
  }

  /** The backend under test as one that trains; empty if it does not. */
  public Optional<Trainer> trainer() {
    return training.map(each -> new Trainer(each, bundle(), config));
  }

  /** Runs a computation on both backends and compares the results, in the tolerance of a stage. */
  public void compareWithReference(
      Checks checks, String name, Function<Backend, HostTensor> computation) {
    HostTensor actual = computation.apply(backend());
    checks.compare(name, actual, computation.apply(reference()), Within.STAGE);
  }
}
