package dev.showo2.train.checkpoint;

import com.google.gson.JsonObject;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.checkpoint.ModelFolder;
import dev.showo2.export.internal.io.JsonFile;
import dev.showo2.export.internal.plan.ModelSource;
import dev.showo2.export.internal.source.BundleSource;
import dev.showo2.export.internal.source.CheckpointSource;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.GenerationDefaults;
import dev.showo2.model.internal.JsonFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A checkpoint, or its bundle, whose weights and files go into another checkpoint. */
final class OpenedModel implements AutoCloseable {

  static final String CONFIG = "config.json";
  static final String ARCH = "arch.json";
  private static final String TOKENIZER_CONFIG = "tokenizer_config.json";

  private static final String LANGUAGE_MODEL = "llm_model_path";
  private static final String SIGLIP = "clip_pretrained_model_path";

  private final ModelSource source;
  private final Optional<ModelFolder> checkpoint;

  private OpenedModel(ModelSource source, Optional<ModelFolder> checkpoint) {
    this.source = source;
    this.checkpoint = checkpoint;
  }

  /**
   * Opens a model, of which a bundle is checked as a whole first.
   *
   * @throws dev.showo2.error.InvalidModelException if it is incomplete or damaged
   * @throws dev.showo2.error.UnsupportedFeatureException if it is a bundle in integers
   * @throws InvalidRequestException if parts are named for a bundle
   */
  static OpenedModel open(
      Path folder, Optional<Path> vae, Optional<Path> tokenizer, ExportListener listener) {
    if (!Files.isRegularFile(folder.resolve(BundleManifest.FILE_NAME))) {
      // Nothing is exported: the request only says where the parts are.
      ExportRequest request = ExportRequest.of(folder, folder, vae, tokenizer);
      return new OpenedModel(
          CheckpointSource.open(request.withZeroWeightsAccepted(), listener),
          Optional.of(ModelFolder.of(folder)));
    }
    if (vae.isPresent() || tokenizer.isPresent()) {
      throw new InvalidRequestException(
          folder + " is a bundle, which has its own VAE and tokenizer; name no others");
    }
    return new OpenedModel(BundleSource.open(folder), Optional.empty());
  }

  Architecture architecture() {
    return source.architecture();
  }

  CheckpointWeights weights() {
    return source.model();
  }

  CheckpointWeights vae() {
    return source.vae();
  }

  GenerationDefaults defaults() {
    return source.defaults();
  }

  byte[] tokenizer() {
    return source.tokenizer().bytes();
  }

  /** The files beside the weights by their names, as the checkpoint has them. */
  Map<String, byte[]> files() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    if (checkpoint.isPresent()) {
      copy(checkpoint.get().path(), CONFIG, files);
      copy(checkpoint.get().path(), ARCH, files);
      copy(checkpoint.get().path(), TOKENIZER_CONFIG, files);
    } else {
      files.put(CONFIG, ModelJson.bytes(ModelJson.config(architecture())));
      files.put(
          ARCH, ModelJson.bytes(ModelJson.arch(architecture(), Optional.of(source.defaults()))));
    }
    files.put(Bundle.TOKENIZER_FILE, source.tokenizer().bytes());
    return files;
  }

  /** Names the models that the official code takes sizes from, where they stay as they are here. */
  void addNamesTo(JsonObject config, Architecture sizes) {
    if (checkpoint.isPresent()) {
      JsonFields own = JsonFile.read(checkpoint.get().config());
      if (architecture().backbone().equals(sizes.backbone())) {
        own.optionalString(LANGUAGE_MODEL)
            .ifPresent(name -> config.addProperty(LANGUAGE_MODEL, name));
      }
      if (architecture().semantic().equals(sizes.semantic())) {
        own.optionalString(SIGLIP).ifPresent(name -> config.addProperty(SIGLIP, name));
      }
    }
  }

  private static void copy(Path folder, String name, Map<String, byte[]> files) throws IOException {
    // Read once as what it should be: it may be a placeholder, or larger than memory.
    if (JsonFile.readIfThere(folder.resolve(name)).isPresent()) {
      files.put(name, Files.readAllBytes(folder.resolve(name)));
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
