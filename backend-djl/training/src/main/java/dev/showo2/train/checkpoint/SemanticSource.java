package dev.showo2.train.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.checkpoint.HubCache;
import dev.showo2.export.internal.checkpoint.ModelFolder;
import dev.showo2.export.internal.checkpoint.UnwrappedWeights;
import dev.showo2.model.Architecture;
import dev.showo2.model.BundleManifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A model whose semantic layers another one begins with: SigLIP, or a trained Show-o2. */
sealed interface SemanticSource extends AutoCloseable {

  /** Before the semantic layers; SigLIP's own embedding takes pixels. */
  List<String> LATENT_EMBEDDING =
      List.of("image_embedder_und.proj.weight", "image_embedder_und.proj.bias");

  /**
   * Opens a folder.
   *
   * @throws InvalidModelException if it holds neither, or is damaged
   */
  static SemanticSource open(Path folder, ExportListener listener) {
    if (Files.isRegularFile(folder.resolve(BundleManifest.FILE_NAME)) || hasLayers(folder)) {
      return new Trained(OpenedModel.open(folder, Optional.empty(), Optional.empty(), listener));
    }
    return new Siglip(SiglipCheckpoint.open(folder));
  }

  private static boolean hasLayers(Path folder) {
    try (CheckpointWeights weights =
        Checkpoints.open(ModelFolder.resolve(HubCache.resolve(folder)))) {
      return UnwrappedWeights.unwrap(weights)
          .names()
          .contains("und_trans.layers.0.layer_norm1.weight");
    }
  }

  /**
   * The weights of a model's semantic layers, by the names of released checkpoints.
   *
   * @throws InvalidModelException if the sizes differ
   */
  CheckpointWeights weights(Architecture model);

  @Override
  void close();

  /** Layers from SigLIP. */
  record Siglip(SiglipCheckpoint checkpoint) implements SemanticSource {

    @Override
    public CheckpointWeights weights(Architecture model) {
      return checkpoint.semanticLayers(model.semantic());
    }

    @Override
    public void close() {
      checkpoint.close();
    }
  }

  /** Layers of a trained model, and what embeds the latents for them. */
  record Trained(OpenedModel model) implements SemanticSource {

    @Override
    public CheckpointWeights weights(Architecture other) {
      if (!model.architecture().semantic().equals(other.semantic())
          || model.architecture().patchSize() != other.patchSize()
          || model.architecture().vae().latentChannels() != other.vae().latentChannels()) {
        throw new InvalidModelException(
            "semantic layers of "
                + other.semantic()
                + " cannot begin with those of the trained model, which are "
                + model.architecture().semantic()
                + "; sizes, patch size and latent channels must agree");
      }
      ComposedWeights view = new ComposedWeights();
      ModelKeys.semanticLayers(other.semantic())
          .keySet()
          .forEach(key -> view.add(key, model.weights(), key));
      LATENT_EMBEDDING.forEach(key -> view.add(key, model.weights(), key));
      return view;
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
