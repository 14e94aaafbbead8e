package dev.showo2.conformance.internal.golden.pass;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.BackendConfig;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingProvider;
import dev.showo2.train.spi.TrainingRequest;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.apiguardian.api.API;

/**
 * The backend under test as one that trains a bundle.
 *
 * @param provider opens the models
 * @param bundle whose weights are trained
 * @param config with which to open them
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record Trainer(TrainingProvider provider, Bundle bundle, BackendConfig config) {

  /** Of any class path; keeps a broken one from being asked for ever. */
  private static final int MOST_BROKEN = 64;

  /** {@return a model that the caller closes} */
  public TrainableModel open(TrainingRequest request) {
    return provider.open(bundle, config, request);
  }

  private static final String LACKING =
      "the backend does not train: no TrainingProvider on the class path has its id; that of"
          + " PyTorch, 'djl', is in the artifact backend-djl";

  /**
   * Runs an experiment in training, or notes why it cannot be run with this backend, bundle or
   * configuration.
   */
  public static void run(Optional<Trainer> trainer, Checks checks, Consumer<Trainer> experiment) {
    if (trainer.isEmpty()) {
      checks.cannotRun(LACKING);
      return;
    }
    String others =
        trainer.get().bundle().manifest().precision().outside(EnumSet.of(Precision.FP32));
    if (!others.isEmpty()) {
      checks.cannotRun("training is compared on bundles in fp32; this one has " + others);
      return;
    }
    try {
      experiment.accept(trainer.get());
    } catch (UnsupportedFeatureException e) {
      checks.cannotRun(e.getMessage());
    }
  }

  /** {@return the provider of a backend; empty if it does not train} */
  public static Optional<TrainingProvider> provider(String backend) {
    Iterator<TrainingProvider> all =
        ServiceLoader.load(TrainingProvider.class, Trainer.class.getClassLoader()).iterator();
    // A broken provider of another backend must not hide this one.
    for (int broken = 0; broken < MOST_BROKEN; broken++) {
      try {
        while (all.hasNext()) {
          TrainingProvider provider = all.next();
          if (provider.id().equals(backend)) {
            return Optional.of(provider);
          }
        }
        return Optional.empty();
      } catch (ServiceConfigurationError | LinkageError e) {
        continue;
      }
    }
    return Optional.empty();
  }
}
