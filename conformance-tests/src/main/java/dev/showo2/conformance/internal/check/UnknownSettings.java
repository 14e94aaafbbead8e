package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.spi.BackendConfig;
import java.util.List;

/** Devices and options that no backend has. */
final class UnknownSettings {

  private static final String DEVICE = "no-such-device";
  private static final String OPTION = "no-such-option";

  private UnknownSettings() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.R03, "device", UnknownSettings::device),
        Check.of(Rule.R03, "option", UnknownSettings::option));
  }

  private static void device(CheckContext trial, Checks checks) {
    refused(trial, checks, DEVICE, BackendConfig.builder().device(DEVICE).build());
  }

  private static void option(CheckContext trial, Checks checks) {
    BackendConfig.Builder config = BackendConfig.builder().device(trial.config().device());
    trial.config().options().forEach(config::option);
    refused(trial, checks, OPTION, config.option(OPTION, "1").build());
  }

  private static void refused(
      CheckContext trial, Checks checks, String name, BackendConfig config) {
    new Refusals(
            checks,
            UnsupportedFeatureException.class,
            "look at what the provider's open does with a configuration that it does not know")
        .of("opening with " + name, name, () -> trial.provider().open(trial.bundle(), config));
  }
}
