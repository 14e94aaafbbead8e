package dev.showo2.export.inspect;

import com.google.gson.JsonObject;
import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.inspect.CheckpointInspection.Kind;
import dev.showo2.export.inspect.Inspection.FileSize;
import dev.showo2.export.internal.architecture.ArchitectureReader;
import dev.showo2.export.internal.architecture.CheckpointKind;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.architecture.TiedMatrix;
import dev.showo2.export.internal.architecture.WanVaeNames;
import dev.showo2.export.internal.checkpoint.ForwardingWeights;
import dev.showo2.export.internal.checkpoint.PartFile;
import dev.showo2.export.internal.checkpoint.UnwrappedWeights;
import dev.showo2.export.internal.checkpoint.VaeConfig;
import dev.showo2.export.internal.io.JsonFile;
import dev.showo2.export.internal.io.Placeholder;
import dev.showo2.export.internal.plan.WeightPlan;
import dev.showo2.model.Architecture;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.text.TextTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the descriptions of a checkpoint: a folder, an index or a file. */
final class CheckpointInspector {

  private static final String POSITIONS = "position_embedding.weight";

  private static final List<String> MODEL_KEYS =
      List.of(ModelKeys.EMBEDDING, "diffusion_head_b.linear.weight");

  private static final List<String> VAE_KEYS =
      List.of("encoder.conv1.weight", "decoder.conv1.weight");

  private final Path path;
  private final String name;
  private final Optional<JsonFields> config;
  private final Optional<JsonFields> arch;

  CheckpointInspector(Path path, String name) {
    this.path = path;
    this.name = name;
    config = JsonFile.readIfThere(path.resolve("config.json"));
    arch = JsonFile.readIfThere(path.resolve("arch.json"));
  }

  CheckpointInspection inspect() {
    Optional<Path> vae = PartFile.VAE.in(path);
    // Where there is a config.json, the weights of a model are missing, not unexpected.
    boolean model =
        !Files.isDirectory(path)
            || vae.isEmpty()
            || !VaeConfig.isIn(path) && (config.isPresent() || Checkpoints.find(path).isPresent());
    try (CheckpointWeights first = open(model ? path : vae.get())) {
      if (!model || vae.isEmpty()) {
        return describe(first, Optional.empty(), Optional.empty());
      }
      try (CheckpointWeights second = open(vae.get())) {
        return describe(first, Optional.of(second), VaeConfig.beside(vae.get()));
      }
    }
  }

  private CheckpointWeights open(Path path) {
    return new DescribedWeights(
        WanVaeNames.original(
            TiedMatrix.complete(UnwrappedWeights.unwrap(Checkpoints.open(path)), arch)));
  }

  private CheckpointInspection describe(
      CheckpointWeights weights, Optional<CheckpointWeights> vae, Optional<JsonFields> vaeConfig) {
    Kind kind = kind(weights);
    List<WeightCount> counts = new ArrayList<>();
    counts.add(WeightCount.of(kind == Kind.VAE ? "VAE" : "model", weights));
    vae.ifPresent(part -> counts.add(WeightCount.of("VAE", part)));
    List<FileSize> files = Folders.files(path);
    Optional<Architecture> architecture = Optional.empty();
    Optional<String> unknown = Optional.empty();
    if (kind != Kind.MODEL) {
      unknown = otherKind(kind, weights);
    } else {
      try {
        architecture = Optional.of(architecture(weights, vae, vaeConfig));
      } catch (InvalidModelException e) {
        // Of a part alone nobody expects that it tells everything.
        if (config.isPresent()) {
          throw e;
        }
        unknown = Optional.of(e.getMessage());
      }
    }
    return new CheckpointInspection(
        path,
        name,
        kind,
        files,
        counts,
        architecture,
        unknown,
        tokens(),
        architecture.map(sizes -> MemoryEstimate.of(sizes, tokenizerBytes(files))).orElse(Map.of()),
        architecture.map(sizes -> WeightPlan.ignored(sizes, weights, vae)).orElse(List.of()));
  }

  /** What a checkpoint is if it is none that Show-o2 has, in the words of an export. */
  private static Optional<String> otherKind(Kind kind, CheckpointWeights weights) {
    try {
      (kind == Kind.VAE ? CheckpointKind.WAN_VAE : CheckpointKind.SHOW_O2)
          .refuseOthers("the file", weights.names());
      return Optional.empty();
    } catch (InvalidModelException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static Kind kind(CheckpointWeights weights) {
    if (MODEL_KEYS.stream()
        .anyMatch(key -> weights.names().contains(key) || weights.unreadable().containsKey(key))) {
      return Kind.MODEL;
    }
    return weights.names().containsAll(VAE_KEYS) ? Kind.VAE : Kind.OTHER;
  }

  private Architecture architecture(
      CheckpointWeights model, Optional<CheckpointWeights> vae, Optional<JsonFields> vaeConfig) {
    return ArchitectureReader.read(
        model, vae, config.orElseGet(() -> withoutConfig(model)), arch, vaeConfig);
  }

  /** The size of images is that of the table of positions, unless somebody says otherwise. */
  private static JsonFields withoutConfig(CheckpointWeights model) {
    long positions =
        model.names().contains(POSITIONS) && model.shape(POSITIONS).rank() == 2
            ? model.shape(POSITIONS).dimension(0)
            : 1;
    JsonObject config = new JsonObject();
    config.addProperty("image_latent_height", Math.round(Math.sqrt(positions)));
    config.addProperty("image_latent_width", Math.round(Math.sqrt(positions)));
    return JsonFields.of(config, "the checkpoint without a config.json");
  }

  private OptionalInt tokens() {
    Optional<Path> file = PartFile.TOKENIZER.in(path);
    if (file.isEmpty()) {
      return OptionalInt.empty();
    }
    Placeholder.refuse(file.get());
    try (TextTokenizer tokenizer = TextTokenizer.load(file.get())) {
      return OptionalInt.of(tokenizer.vocabularySize());
    }
  }

  private static long tokenizerBytes(List<FileSize> files) {
    return files.stream()
        .filter(file -> PartFile.TOKENIZER.names().contains(file.name()))
        .mapToLong(FileSize::bytes)
        .sum();
  }

  /**
   * CheckpointWeights of which only descriptions are read. Two tensors are taken to be equal if
   * they share their memory: of a file that holds a tied matrix twice this is not seen.
   */
  private static final class DescribedWeights extends ForwardingWeights {

    DescribedWeights(CheckpointWeights weights) {
      super(weights);
    }

    @Override
    public boolean sameValues(String first, String second) {
      return sharedWith(first).equals(sharedWith(second));
    }

    @Override
    public void read(String name, TensorSink sink) {
      throw new IllegalStateException("an inspection reads no values, but those of '" + name + "'");
    }
  }
}
