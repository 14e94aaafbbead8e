package dev.showo2.samples.cli;

import dev.showo2.conformance.golden.record.GoldenRecorder;
import dev.showo2.samples.cli.SourceOptions.Source;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes cases for {@link VerifyCommand}. */
@Command(
    name = "record",
    description = {
      "Records what a backend computes with a checkpoint or bundle, as a folder of cases that verify"
          + " holds other backends, machines or precisions against.",
      "The folder appears when it is complete; after a failure nothing of it is left."
    })
final class RecordCommand implements Callable<Integer> {

  private final CliContext context;

  @Mixin private SourceOptions source;

  @Mixin private OutputFolder out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Seeds.class,
      defaultValue = "" + Recording.DEFAULT_SEED,
      description = "Of all inputs. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Mixin private BackendOptions options;

  RecordCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    BackendProvider provider = options.provider();
    BackendConfig config = options.config(provider);
    source.requirePresent();
    out.require();
    try (Source opened = source.open(context)) {
      Set<String> all = Set.copyOf(GoldenRecorder.caseNames());
      context
          .out()
          .println(
              "Wrote "
                  + OutputFile.absolute(out.path())
                  + ": "
                  + Recording.run(
                      opened.bundle(), provider, config, out.path(), seed, all, context));
      return ExitCode.OK;
    }
  }
}
