package dev.showo2.samples.cli;

import dev.showo2.export.synthetic.CheckpointFormat;
import dev.showo2.export.synthetic.SyntheticCheckpoint;
import dev.showo2.export.synthetic.SyntheticModels;
import dev.showo2.export.synthetic.SyntheticRequest;
import dev.showo2.model.Architecture;
import dev.showo2.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes a checkpoint with random weights. */
@Command(
    name = "synthesize",
    description = {
      "Makes a checkpoint with the sizes of a released one and seeded random weights, to try what"
          + " a machine can hold and how fast it is. It draws noise and answers nonsense.",
      "The folder appears when it is complete; after a failure nothing of it is left."
    })
final class SynthesizeCommand implements Callable<Integer> {

  private static final String TINY = "tiny";

  private final CliContext context;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME",
      description = "tiny, 1.5b, 1.5b-hq-512, 1.5b-hq-1024 or 7b.")
  private String model;

  @Mixin private OutputFolder out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Seeds.class,
      defaultValue = "0",
      description = "Of all weights. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "bf16, fp16 or fp32. Default: bf16, for tiny fp32.")
  private String type;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "safetensors",
      description = "safetensors, or bin as the models were released. Default: ${DEFAULT-VALUE}")
  private String format;

  @Option(
      names = "--shard-size",
      paramLabel = "BYTES",
      defaultValue = "" + SyntheticRequest.DEFAULT_SHARD_BYTES,
      description = "Begin another weight file after so many. Default: ${DEFAULT-VALUE}")
  private long shardBytes;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "Cut every stack of layers down to so many.")
  private Integer layers;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "tokenizer.json to copy. Default: a synthetic one.")
  private Path tokenizer;

  @Mixin private ResultOptions result;

  @Spec private CommandSpec command;

  SynthesizeCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    SyntheticRequest request = request();
    InputPath.require(Optional.ofNullable(tokenizer), "--tokenizer", command);
    out.require();
    try (ExportProgress progress = new ExportProgress(result.around(context))) {
      SyntheticCheckpoint.write(out.path(), request, progress);
    }
    FolderSummary.of(out.path()).print(result, context.out());
    return ExitCode.OK;
  }

  private SyntheticRequest request() {
    if (shardBytes < 1) {
      throw refused("--shard-size: at least 1 is needed, found " + shardBytes);
    }
    SyntheticRequest request =
        SyntheticRequest.of(architecture(), seed)
            .withType(type())
            .withFormat(format())
            .withShardBytes(shardBytes);
    return tokenizer == null ? request : request.withTokenizer(tokenizer);
  }

  private Architecture architecture() {
    Architecture sizes =
        SyntheticModels.architecture(model)
            .orElseThrow(() -> refused("--model", SyntheticModels.names(), model));
    if (layers == null) {
      return sizes;
    }
    if (layers < 1) {
      throw refused("--layers: at least 1 is needed, found " + layers);
    }
    return SyntheticModels.shortened(sizes, layers);
  }

  private ElementType type() {
    String name = type == null ? model.equals(TINY) ? "fp32" : "bf16" : type;
    return switch (name) {
      case "bf16" -> ElementType.BFLOAT16;
      case "fp16" -> ElementType.FLOAT16;
      case "fp32" -> ElementType.FLOAT32;
      default -> throw refused("--dtype", List.of("bf16", "fp16", "fp32"), name);
    };
  }

  private CheckpointFormat format() {
    return switch (format) {
      case "safetensors" -> CheckpointFormat.SAFETENSORS;
      case "bin" -> CheckpointFormat.BIN;
      default -> throw refused("--format", List.of("safetensors", "bin"), format);
    };
  }

  private ParameterException refused(String option, List<String> known, String found) {
    return refused(
        option + ": one of " + String.join(", ", known) + " is needed, found '" + found + "'");
  }

  private ParameterException refused(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
