package dev.showo2.samples.cli;

import dev.showo2.bench.BenchmarkReport;
import dev.showo2.bench.BenchmarkResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sets two results of {@code bench} side by side. */
@Command(
    name = "compare",
    description = {
      "Compares two results of 'bench --json', in Markdown.",
      "The times of the second are divided by those of the first."
    })
final class BenchCompareCommand implements Callable<Integer> {

  private final CliContext context;

  @Parameters(
      index = "0",
      paramLabel = "FIRST",
      description = "File with a result; of several lines the last.")
  private Path first;

  @Parameters(index = "1", paramLabel = "SECOND", description = "Another one.")
  private Path second;

  @Spec private CommandSpec command;

  BenchCompareCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    context.out().print(BenchmarkReport.compare(read(first), read(second)));
    return ExitCode.OK;
  }

  private BenchmarkResult read(Path file) throws IOException {
    try {
      return BenchmarkResult.read(InputPath.require(file, "bench compare", command));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }
}
