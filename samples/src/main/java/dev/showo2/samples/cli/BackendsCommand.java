package dev.showo2.samples.cli;

import dev.showo2.spi.Availability;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.Backends;
import dev.showo2.spi.Backends.Candidate;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Lists backends. */
@Command(
    name = "backends",
    description = "Lists the backends found on the class path, and whether they can run here.")
final class BackendsCommand implements Callable<Integer> {

  private final CliContext context;

  BackendsCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Backends backends = Backends.find();
    for (Candidate candidate : backends.candidates()) {
      context.out().println(describe(candidate));
    }
    backends.broken().forEach(context.out()::println);
    // Says what to add if there is none that can run.
    String chosen = backends.select(Optional.empty()).id();
    context.out().println("Without --backend, " + chosen + " is taken.");
    return ExitCode.OK;
  }

  private static String describe(Candidate candidate) {
    BackendInfo info = candidate.info();
    String state =
        candidate.availability() instanceof Availability.Unusable unusable
            ? "cannot run here: " + unusable.reason()
            : "usable";
    return candidate.id() + "  " + info.name() + " " + info.version() + "  " + state;
  }
}
