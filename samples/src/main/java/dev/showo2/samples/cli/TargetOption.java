package dev.showo2.samples.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The backend that a bundle is made for. */
final class TargetOption {

  @Option(
      names = "--target",
      paramLabel = "BACKEND",
      description =
          "Id of the backend that is to run the bundle: what it cannot run is refused before work"
              + " starts, and it checks the bundle.")
  private String backend;

  Optional<String> get() {
    return Optional.ofNullable(backend);
  }
}
