package dev.showo2.train.recipe;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.train.spi.TrainingProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the backends that can train. */
final class TrainingProviders {

  private TrainingProviders() {}

  /**
   * @param id of the backend; if empty, the first one by id
   * @throws UnsupportedFeatureException if there is none
   */
  static TrainingProvider select(Optional<String> id) {
    List<TrainingProvider> providers = new ArrayList<>();
    try {
      ServiceLoader.load(TrainingProvider.class).forEach(providers::add);
    } catch (ServiceConfigurationError e) {
      throw new UnsupportedFeatureException("a backend for training is broken: " + e.getMessage());
    }
    List<String> ids = providers.stream().map(TrainingProvider::id).sorted().toList();
    return providers.stream()
        .filter(provider -> provider.id().equals(id.orElseGet(() -> first(ids))))
        .findFirst()
        .orElseThrow(
            () ->
                new UnsupportedFeatureException(
                    "no backend '"
                        + id.orElse("")
                        + "' can train here; those that can: "
                        + (ids.isEmpty() ? "none; add backend-djl to the class path" : ids)));
  }

  private static String first(List<String> ids) {
    return ids.isEmpty() ? "" : ids.get(0);
  }
}
