package dev.showo2.samples.cli;

import dev.showo2.conformance.golden.record.GoldenRecorder;
import dev.showo2.samples.cli.SourceOptions.Source;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes cases for {@link VerifyCommand}. */
@Command(
    name = "record",
    description = {
      "Records what a backend computes with a checkpoint or bundle, as a folder of cases that verify"
          + " holds other backends, machines or precisions against.",
      "The folder appears when it is complete; after a failure nothing of it is left."
    })
final class RecordCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private SourceOptions source;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder to make; must not exist, or be empty.")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "" + Recording.DEFAULT_SEED,
      description = "Of all inputs. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Mixin private BackendOptions options;

  @Spec private CommandSpec command;

  RecordCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    BackendProvider provider = options.provider();
    BackendConfig config = options.config();
    OutputFile.requireFolder(out, "--out", command);
    try (Source opened = source.open(surroundings)) {
      Set<String> all = Set.copyOf(GoldenRecorder.caseNames());
      surroundings
          .out()
          .println(
              "Wrote "
                  + OutputFile.absolute(out)
                  + ": "
                  + Recording.run(opened.bundle(), provider, config, out, seed, all, surroundings));
      return ExitCode.OK;
    }
  }
}
