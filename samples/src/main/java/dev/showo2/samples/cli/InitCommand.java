package dev.showo2.samples.cli;

import dev.showo2.export.synthetic.SyntheticModels;
import dev.showo2.model.Architecture;
import dev.showo2.train.checkpoint.InitialCheckpoint;
import dev.showo2.train.checkpoint.InitialRequest;
import dev.showo2.train.checkpoint.ReleaseFormat;
import dev.showo2.train.checkpoint.ReleaseRequest;
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

/** Makes a checkpoint to begin a training with. */
@Command(
    name = "init",
    description = {
      "Makes a checkpoint to begin a training with, in the released layout. Weights that come from"
          + " nowhere else are drawn as the official code draws them.",
      "Sizes are those of --model, --like or --scale-up. The folder appears when it is complete;"
          + " after a failure nothing of it is left."
    })
final class InitCommand implements Callable<Integer> {

  private final CliContext context;

  @Mixin private OutputFolder out;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description =
          "Sizes: tiny, 1.5b, 1.5b-hq-512, 1.5b-hq-1024 or 7b; with --like or --scale-up of the"
              + " backbone alone. Without them it needs --vae, and --tokenizer or --backbone.")
  private String model;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "Cut every stack of layers of --model down to so many.")
  private Integer layers;

  @Option(
      names = "--like",
      paramLabel = "DIR",
      description = "Checkpoint or bundle to take sizes, VAE and tokenizer from, and no more.")
  private Path like;

  @Option(
      names = "--scale-up",
      paramLabel = "DIR",
      description =
          "Trained checkpoint or bundle with a smaller backbone: semantic layers, time embedding"
              + " and flow head are taken over. Needs --backbone or --model.")
  private Path smaller;

  @Option(
      names = "--backbone",
      paramLabel = "DIR",
      description = "Checkpoint of Qwen2.5 whose weights become the backbone.")
  private Path backbone;

  @Option(
      names = "--semantic",
      paramLabel = "DIR",
      description =
          "Checkpoint of SigLIP, or of a trained model, whose layers become the semantic layers.")
  private Path semantic;

  @Option(
      names = "--vae",
      paramLabel = "FILE",
      description = "VAE (Wan2.1_VAE.pth), or a folder with it.")
  private Path vae;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "tokenizer.json. Default: that of --backbone, --like or --scale-up.")
  private Path tokenizer;

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Seeds.class,
      defaultValue = "0",
      description = "Of all weights that are drawn. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "safetensors",
      description = "safetensors, or bin as the models were released. Default: ${DEFAULT-VALUE}")
  private String format;

  @Option(
      names = "--shard-size",
      paramLabel = "BYTES",
      defaultValue = "" + ReleaseRequest.DEFAULT_SHARD_BYTES,
      description = "Begin another weight file after so many. Default: ${DEFAULT-VALUE}")
  private long shardBytes;

  @Mixin private ResultOptions result;

  @Spec private CommandSpec command;

  InitCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    InitialRequest request = request();
    out.require();
    try (ExportProgress progress = new ExportProgress(result.around(context))) {
      InitialCheckpoint.write(out.path(), request, progress);
    }
    FolderSummary.of(out.path()).print(result, context.out());
    return ExitCode.OK;
  }

  private InitialRequest request() {
    InitialRequest request = origin();
    for (Part part :
        List.of(
            new Part("--backbone", backbone, InitialRequest::withBackbone),
            new Part("--semantic", semantic, InitialRequest::withSemanticLayers),
            new Part("--vae", vae, InitialRequest::withVae),
            new Part("--tokenizer", tokenizer, InitialRequest::withTokenizer))) {
      Optional<Path> path =
          InputPath.require(Optional.ofNullable(part.path()), part.option(), command);
      request = path.isPresent() ? part.setting().set(request, path.get()) : request;
    }
    if (shardBytes < 1) {
      throw refused("--shard-size: at least 1 is needed, found " + shardBytes);
    }
    return request.withFiles(format(), shardBytes);
  }

  /** An option that names a part of the model, which may be absent. */
  private record Part(String option, Path path, Setting setting) {}

  /** Puts a part into a request. */
  private interface Setting {
    InitialRequest set(InitialRequest request, Path path);
  }

  private InitialRequest origin() {
    if (like != null && smaller != null) {
      throw refused("--like, --scale-up: only one of them can be given");
    }
    if (model == null && layers != null) {
      throw refused("--layers: --model is needed, whose layers are cut");
    }
    if (like == null && smaller == null) {
      if (model == null) {
        throw refused("one of --model, --like and --scale-up is needed");
      }
      return InitialRequest.of(sizes(), seed);
    }
    InitialRequest request =
        like != null
            ? InitialRequest.like(InputPath.require(like, "--like", command), seed)
            : InitialRequest.scaledUp(InputPath.require(smaller, "--scale-up", command), seed);
    return model == null ? request : request.withBackboneSizes(sizes().backbone());
  }

  private Architecture sizes() {
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

  private ReleaseFormat format() {
    return switch (format) {
      case "safetensors" -> ReleaseFormat.SAFETENSORS;
      case "bin" -> ReleaseFormat.TORCH;
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
