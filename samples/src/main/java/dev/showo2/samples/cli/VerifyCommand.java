package dev.showo2.samples.cli;

import dev.showo2.conformance.PlannedCheck;
import dev.showo2.conformance.Target;
import dev.showo2.conformance.Verification;
import dev.showo2.conformance.golden.GoldenCase;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.golden.record.GoldenRecorder;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.model.Bundle;
import dev.showo2.samples.cli.SourceOptions.Source;
import dev.showo2.samples.demo.TemporaryFolder;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import java.io.IOException;
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

  private static final String TRAINING = "--training";

  private final CliContext context;

  @Mixin private SourceOptions source;

  @Option(
      names = "--goldens",
      paramLabel = "DIR",
      description =
          "Folder with cases.json; without it, that in the folder of the checkpoint, or else cases"
              + " that the plain Java reference computes, which takes its time.")
  private Path goldens;

  @Option(
      names = TRAINING,
      paramLabel = "DIR",
      description =
          "Instead of cases, replays recorded training: a folder with runs.json and the files that"
              + " it names, rows.json, or both. A line for each run and each kind of row.")
  private Path training;

  @Option(
      names = "--stage",
      paramLabel = "S",
      description = "Only the cases of this kind, such as fusion or t2i.")
  private String stage;

  @Mixin private BackendOptions options;

  @Mixin private CheckOptions checks;

  VerifyCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    BackendProvider provider = options.provider();
    Target target = new Target(provider, options.config(provider), checks.precision());
    checks.requireUnderstood();
    source.requirePresent();
    if (goldens != null) {
      InputPath.requireModel(goldens, "no cases.json in", options.command());
    }
    if (training != null) {
      List<PlannedCheck> chosen = recorded(provider);
      try (Source opened = source.open(context)) {
        return verify(opened.bundle(), target, chosen);
      }
    }
    if (goldens != null || GoldenSet.isIn(source.folder())) {
      // An invalid choice is reported before an export that takes time.
      List<PlannedCheck> chosen = chosen(goldens == null ? source.folder() : goldens);
      try (Source opened = source.open(context)) {
        return verify(opened.bundle(), target, chosen);
      }
    }
    if (target.provider().id().equals(ReferenceBackendProvider.ID)) {
      throw options.refused(
          "--backend: without goldens the cases are computed by 'reference', and it would be held"
              + " against itself; name another backend, or --goldens");
    }
    try (Source opened = source.open(context);
        TemporaryFolder folder = TemporaryFolder.create("showo2-verify-")) {
      return verify(opened.bundle(), target, chosen(reference(opened.bundle(), folder.path())));
    }
  }

  /** Runs and rows, before an export that takes time. */
  private List<PlannedCheck> recorded(BackendProvider provider) {
    if (goldens != null || stage != null) {
      throw options.refused(
          TRAINING + ": runs are replayed instead of cases; leave out --goldens and --stage");
    }
    if (!Verification.trains(provider.id())) {
      throw options.refused(
          TRAINING
              + ": the backend '"
              + provider.id()
              + "' does not train; the artifact backend-djl does, with --backend djl");
    }
    InputPath.requireModel(training, "no runs.json in", options.command());
    return checks.chosen(Verification.planTraining(training));
  }

  /** Cases that the reference computes. */
  private Path reference(Bundle bundle, Path folder) throws IOException {
    Path recorded = folder.resolve("goldens");
    Recording.run(
        bundle,
        new ReferenceBackendProvider(),
        BackendConfig.defaults(),
        recorded,
        Recording.DEFAULT_SEED,
        checks.cases(GoldenRecorder.caseNames()),
        context);
    return recorded;
  }

  private int verify(Bundle bundle, Target target, List<PlannedCheck> chosen) throws IOException {
    return checks.end(
        new Verification(target, bundle)
            .run(chosen, outcome -> CheckOptions.show(outcome, context)),
        context);
  }

  private List<PlannedCheck> chosen(Path folder) {
    GoldenSet cases = GoldenSet.open(folder);
    requireKnownStage(cases);
    return checks.chosen(
        Verification.plan(cases, golden -> stage == null || golden.stage().equals(stage)));
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
