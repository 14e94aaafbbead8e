package dev.showo2.samples.cli;

import dev.showo2.conformance.Target;
import dev.showo2.conformance.Verification;
import dev.showo2.conformance.compare.Precision;
import dev.showo2.conformance.golden.GoldenCase;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.report.Report;
import dev.showo2.export.ModelExporter;
import dev.showo2.model.Bundle;
import dev.showo2.samples.demo.TemporaryFolder;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares a backend with the reference. */
@Command(
    name = "verify",
    description = {
      "Exports a checkpoint to a temporary bundle and compares what a backend computes with it to"
          + " what the reference computed.",
      "Prints a line for each case: passed, failed or not run, name, figures, reason."
    })
final class VerifyCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "DIR",
      description = "Folder with config.json and the weights.")
  private Path checkpoint;

  @Option(
      names = "--goldens",
      required = true,
      paramLabel = "DIR",
      description = "Folder with cases.json.")
  private Path goldens;

  @Option(
      names = "--stage",
      paramLabel = "S",
      description = "Only the cases of this kind, such as fusion or t2i.")
  private String stage;

  @Mixin private CheckpointOptions parts;

  @Mixin private BackendOptions options;

  @Spec private CommandSpec command;

  VerifyCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    BackendProvider provider = options.provider();
    BackendConfig config = options.config();
    GoldenSet cases = GoldenSet.open(goldens);
    requireKnownStage(cases);
    try (TemporaryFolder folder = TemporaryFolder.create("showo2-verify-")) {
      Path bundle = folder.path().resolve("bundle");
      try (ExportProgress progress = new ExportProgress(surroundings)) {
        ModelExporter.export(parts.request(checkpoint, bundle), progress);
      }
      return verify(Bundle.open(bundle), provider, config, cases);
    }
  }

  private int verify(
      Bundle bundle, BackendProvider provider, BackendConfig config, GoldenSet cases) {
    Report report =
        new Verification(new Target(provider, config, Precision.FP32), bundle)
            .run(
                cases,
                golden -> stage == null || golden.stage().equals(stage),
                outcome -> {
                  surroundings.out().println(outcome);
                  Interruption.check();
                });
    surroundings.out().println(report.summary());
    return report.successful() ? ExitCode.OK : ExitCode.FAILED;
  }

  private void requireKnownStage(GoldenSet cases) {
    Set<String> known =
        cases.cases().stream()
            .map(GoldenCase::stage)
            .collect(Collectors.toCollection(TreeSet::new));
    if (stage != null && !known.contains(stage)) {
      throw new ParameterException(
          command.commandLine(),
          "--stage: there is no case of '" + stage + "'; there are " + String.join(", ", known));
    }
  }
}
