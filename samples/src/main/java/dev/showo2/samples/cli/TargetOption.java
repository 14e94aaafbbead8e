package dev.showo2.samples.cli;

import dev.showo2.conformance.Target;
import dev.showo2.error.UnsupportedFeatureException;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The backend that a bundle is made for. */
final class TargetOption {

  @Option(
      names = "--target",
      paramLabel = "BACKEND",
      description =
          "Id of the backend that is to run the bundle: what it cannot run is refused before work"
              + " starts, and it checks the bundle.")
  private String backend;

  /**
   * @throws ParameterException if there is no such backend
   */
  void require(CommandSpec command) {
    try {
      get().ifPresent(Target::of);
    } catch (UnsupportedFeatureException e) {
      throw new ParameterException(command.commandLine(), "--target: " + e.getMessage(), e);
    }
  }

  Optional<String> get() {
    return Optional.ofNullable(backend);
  }
}
