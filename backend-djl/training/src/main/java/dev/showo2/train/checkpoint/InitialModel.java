package dev.showo2.train.checkpoint;

import com.google.gson.JsonObject;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.architecture.ArchitectureReader;
import dev.showo2.export.internal.architecture.KeyCheck;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.architecture.VaeKeys;
import dev.showo2.export.internal.checkpoint.PartFile;
import dev.showo2.export.internal.io.TokenizerFile;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.SafetensorsWriter.TensorSource;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.tensor.Shape;
import dev.showo2.text.TextTokenizer;
import dev.showo2.train.checkpoint.InitialRequest.Origin;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The parts that a model begins its training with, put together. */
final class InitialModel {

  /** Parts whose sizes or meaning depend on the backbone begin anew with a larger one (SPEC 10). */
  private static final List<String> NOT_TAKEN_OVER =
      List.of("image_embedder_gen.", "showo.", "fusion_proj.", "diff_proj.", "time_embed_proj.");

  private final InitialRequest request;
  private final Optional<OpenedModel> other;
  private final Optional<QwenCheckpoint> backbone;
  private final Optional<SemanticSource> semantic;
  private final Optional<CheckpointWeights> vae;
  private final Optional<Path> tokenizer;
  private final Architecture sizes;

  InitialModel(
      InitialRequest request,
      Optional<OpenedModel> other,
      Optional<QwenCheckpoint> backbone,
      Optional<SemanticSource> semantic,
      Optional<CheckpointWeights> vae) {
    this.request = request;
    this.other = other;
    this.backbone = backbone;
    this.semantic = semantic;
    this.vae = vae;
    this.tokenizer =
        request
            .tokenizer()
            .map(PartFile.TOKENIZER::locate)
            .or(() -> backbone.flatMap(QwenCheckpoint::tokenizer));
    this.sizes = sizes();
  }

  /**
   * Finds out what is missing before anything is opened.
   *
   * @throws InvalidRequestException if the request cannot be fulfilled whatever the files hold
   */
  static void requireComplete(InitialRequest request) {
    if (request.other().isEmpty() && request.vae().isEmpty()) {
      throw new InvalidRequestException(
          "a VAE is needed, which is not trained: name Wan2.1_VAE.pth, or a model that has one");
    }
    if (request.origin() == Origin.SCALED_UP
        && request.backbone().isEmpty()
        && request.backboneSizes().isEmpty()) {
      throw new InvalidRequestException(
          "to scale a model up, name the larger backbone, or its sizes");
    }
    if (request.origin() == Origin.SCALED_UP && request.semantic().isPresent()) {
      throw new InvalidRequestException(
          "a model that is scaled up keeps its semantic layers; name no others");
    }
  }

  private Architecture sizes() {
    Architecture base = request.sizes().orElseGet(() -> other.orElseThrow().architecture());
    int rows = rows(base);
    Optional<Architecture.Decoder> named =
        request.backboneSizes().map(wanted -> BackboneSizes.withVocabulary(wanted, rows));
    Optional<Architecture.Decoder> found = backbone.map(checkpoint -> checkpoint.sizes(rows));
    Optional<Architecture.Decoder> wanted =
        named.or(() -> request.sizes().map(Architecture::backbone));
    if (wanted.isPresent() && found.isPresent() && !wanted.equals(found)) {
      throw new InvalidRequestException(
          "a backbone of "
              + wanted.get()
              + " is asked for, the one that was named is "
              + found.get()
              + "; name sizes and a backbone that agree");
    }
    return BackboneSizes.withBackbone(base, wanted.or(() -> found).orElse(base.backbone()));
  }

  /** Tokens of the model: as many as were asked for, else as the tokenizer has. */
  private int rows(Architecture base) {
    if (request.sizes().isPresent() || tokenizer.isEmpty()) {
      return base.backbone().vocabularySize();
    }
    try (TextTokenizer loaded = TextTokenizer.load(tokenizer.get())) {
      return loaded.vocabularySize();
    }
  }

  /** Everything that is written. */
  CheckpointOutput output() {
    CheckpointWeights vaeWeights = vaeWeights();
    ComposedWeights model = modelWeights();
    JsonObject config = ModelJson.config(sizes);
    other.ifPresent(opened -> opened.addNamesTo(config, sizes));
    JsonObject arch = ModelJson.arch(sizes, other.map(OpenedModel::defaults));
    requireReadable(model, vaeWeights, config, arch);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(OpenedModel.CONFIG, ModelJson.bytes(config));
    files.put(OpenedModel.ARCH, ModelJson.bytes(arch));
    files.put(Bundle.TOKENIZER_FILE, tokenizerBytes());
    return new CheckpointOutput(model, vaeWeights, files);
  }

  /** What the exporter would refuse, or take for a model of other sizes, is not written at all. */
  private void requireReadable(
      CheckpointWeights model, CheckpointWeights vaeWeights, JsonObject config, JsonObject arch) {
    Architecture read =
        ArchitectureReader.read(
            model,
            vaeWeights,
            JsonFields.parse(config.toString(), OpenedModel.CONFIG),
            Optional.of(JsonFields.parse(arch.toString(), OpenedModel.ARCH)));
    if (!read.equals(sizes)) {
      throw new IllegalStateException("written as " + sizes + ", read as " + read);
    }
  }

  private byte[] tokenizerBytes() {
    if (tokenizer.isPresent()) {
      return TokenizerFile.read(tokenizer.get(), sizes).bytes();
    }
    return other
        .map(OpenedModel::tokenizer)
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    "a tokenizer is needed: name tokenizer.json of the backbone"));
  }

  private ComposedWeights modelWeights() {
    Map<String, Shape> keys = ModelKeys.all(sizes);
    InitialValues drawn = new InitialValues(keys, request.seed());
    Map<String, TensorSource> taken = new HashMap<>();
    if (request.origin() == Origin.SCALED_UP) {
      keys.keySet().stream()
          .filter(key -> NOT_TAKEN_OVER.stream().noneMatch(key::startsWith))
          .forEach(
              key -> taken.put(key, ComposedWeights.floats(other.orElseThrow().weights(), key)));
    }
    backbone.ifPresent(checkpoint -> taken.putAll(checkpoint.weights(sizes)));
    semantic.ifPresent(
        source -> {
          CheckpointWeights weights = source.weights(sizes);
          weights.names().forEach(key -> taken.put(key, ComposedWeights.floats(weights, key)));
        });
    ComposedWeights model = new ComposedWeights();
    keys.forEach(
        (key, shape) -> {
          TensorSource values = taken.getOrDefault(key, sink -> drawn.write(key, sink));
          model.add(key, shape, values);
          SecondName.follow(key, sizes, request.format(), model);
        });
    return model;
  }

  private CheckpointWeights vaeWeights() {
    CheckpointWeights stored = vae.orElseGet(() -> other.orElseThrow().vae());
    Map<String, Shape> keys = VaeKeys.of(sizes.vae());
    new KeyCheck().compare(ArchitectureReader.VAE, stored, keys, Set.of()).requireNoDifference();
    ComposedWeights weights = new ComposedWeights();
    keys.keySet().forEach(key -> weights.add(key, stored, key));
    return weights;
  }
}
