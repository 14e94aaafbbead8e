package dev.showo2.samples.cli;

import dev.showo2.conformance.Conformance;
import dev.showo2.conformance.PlannedCheck;
import dev.showo2.conformance.Target;
import dev.showo2.conformance.Waivers;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.BackendProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tests a backend rule by rule. */
@Command(
    name = "conformance",
    description = {
      "Tests whether a backend computes Show-o2, rule by rule, on the checkpoints of the kit.",
      "Prints a line for each check as it ends: what became of it, its name, figures, reason; then"
          + " what failed, with the command that runs it again, and the counts."
    })
final class ConformanceCommand implements Callable<Integer> {

  private final CliContext context;

  @Mixin private BackendOptions options;

  @Mixin private CheckOptions checks;

  @Option(
      names = "--waivers",
      paramLabel = "FILE",
      description = "Failures that are accepted: a rule or check and the reason on each line.")
  private Path waivers;

  @Option(names = "--list", description = "Name the rules and checks that would run, and stop.")
  private boolean list;

  ConformanceCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    if (!options.named()) {
      throw options.refused("--backend: say which backend is to be tested; 'backends' lists them");
    }
    BackendProvider provider = options.target().provider();
    Target target = new Target(provider, options.config(provider), checks.precision());
    try (Conformance kit = new Conformance(target, waivers())) {
      List<PlannedCheck> chosen = checks.chosen(kit.plan());
      if (list) {
        print(chosen);
        return ExitCode.OK;
      }
      return checks.end(kit.run(chosen, outcome -> CheckOptions.show(outcome, context)), context);
    }
  }

  private Waivers waivers() throws IOException {
    InputPath.require(Optional.ofNullable(waivers), "--waivers", options.command());
    try {
      return waivers == null ? Waivers.NONE : Waivers.read(waivers);
    } catch (IllegalArgumentException e) {
      throw options.refused("--waivers: " + e.getMessage());
    }
  }

  private void print(List<PlannedCheck> chosen) {
    Rule rule = null;
    for (PlannedCheck check : chosen) {
      if (check.rule() != rule) {
        rule = check.rule();
        context.out().println(rule + " " + rule.level() + " " + rule.sentence());
      }
      context.out().println("  " + check.id());
    }
  }
}
