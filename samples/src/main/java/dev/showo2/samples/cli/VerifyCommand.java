package dev.showo2.samples.cli;

import dev.showo2.conformance.PlannedCheck;
import dev.showo2.conformance.Target;
import dev.showo2.conformance.Verification;
import dev.showo2.conformance.golden.GoldenCase;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.export.ModelExporter;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleManifest;
import dev.showo2.samples.demo.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares a backend with the reference on any checkpoint. */
@Command(
    name = "verify",
    description = {
      "Compares what a backend computes with a checkpoint or bundle to what the reference computed"
          + " with it. A checkpoint is exported to a temporary bundle.",
      "Prints a line for each case: what became of it, its name, figures, reason; then what failed,"
          + " with the command that runs it again, the counts, and the stages that are wrong."
    })
final class VerifyCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "DIR",
      description = "Folder with config.json and the weights, or a bundle.")
  private Path checkpoint;

  @Option(
      names = "--goldens",
      paramLabel = "DIR",
      description = "Folder with cases.json; without it, that in the folder of the checkpoint.")
  private Path goldens;

  @Option(
      names = "--stage",
      paramLabel = "S",
      description = "Only the cases of this kind, such as fusion or t2i.")
  private String stage;

  @Mixin private CheckpointOptions parts;

  @Mixin private BackendOptions options;

  @Mixin private CheckOptions checks;

  VerifyCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    Target target = new Target(options.provider(), options.config(), checks.precision());
    List<PlannedCheck> chosen = checks.chosen(plan());
    if (Files.isRegularFile(checkpoint.resolve(BundleManifest.FILE_NAME))) {
      if (parts.given()) {
        throw options.refused(
            "--vae, --tokenizer: these belong to checkpoints, and " + checkpoint + " is a bundle");
      }
      return verify(Bundle.open(checkpoint), target, chosen);
    }
    try (TemporaryFolder folder = TemporaryFolder.create("showo2-verify-")) {
      Path bundle = folder.path().resolve("bundle");
      try (ExportProgress progress = new ExportProgress(surroundings)) {
        ModelExporter.export(parts.request(checkpoint, bundle), progress);
      }
      return verify(Bundle.open(bundle), target, chosen);
    }
  }

  private int verify(Bundle bundle, Target target, List<PlannedCheck> chosen) throws IOException {
    return checks.end(
        new Verification(target, bundle)
            .run(chosen, outcome -> CheckOptions.show(outcome, surroundings)),
        surroundings);
  }

  private List<PlannedCheck> plan() {
    if (goldens == null && Files.isDirectory(checkpoint) && !GoldenSet.isIn(checkpoint)) {
      throw options.refused(
          "--goldens: there is no cases.json in " + checkpoint + "; name the folder that holds it");
    }
    GoldenSet cases = GoldenSet.open(goldens == null ? checkpoint : goldens);
    requireKnownStage(cases);
    return Verification.plan(cases, golden -> stage == null || golden.stage().equals(stage));
  }

  private void requireKnownStage(GoldenSet cases) {
    Set<String> known =
        cases.cases().stream()
            .map(GoldenCase::stage)
            .collect(Collectors.toCollection(TreeSet::new));
    if (stage != null && !known.contains(stage)) {
      throw options.refused(
          "--stage: there is no case of '" + stage + "'; there are " + String.join(", ", known));
    }
  }
}
