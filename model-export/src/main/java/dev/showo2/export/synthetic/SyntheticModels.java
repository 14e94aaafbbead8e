package dev.showo2.export.synthetic;

import dev.showo2.export.internal.architecture.KnownModel;
import dev.showo2.model.Architecture;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Sizes that a synthetic checkpoint may take over: those of the released models, and {@code tiny},
 * which takes about a megabyte.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SyntheticModels {

  private SyntheticModels() {}

  /**
   * {@return the names {@code tiny}, {@code 1.5b}, {@code 1.5b-hq-512}, {@code 1.5b-hq-1024} and
   * {@code 7b}}
   */
  public static List<String> names() {
    return Arrays.stream(KnownModel.values()).map(KnownModel::id).toList();
  }

  /**
   * {@return the sizes of the model of this name; empty if there is none}
   *
   * @param name one of {@link #names}
   */
  public static Optional<Architecture> architecture(String name) {
    return Arrays.stream(KnownModel.values())
        .filter(model -> model.id().equals(name))
        .map(KnownModel::architecture)
        .findFirst();
  }

  /**
   * {@return the same model cut short: backbone, semantic layers and flow head have no more than
   * {@code layers} layers each}
   *
   * @param sizes the sizes of the whole model
   * @param layers at least 1
   * @throws IllegalArgumentException if {@code layers} is below 1
   */
  public static Architecture shortened(Architecture sizes, int layers) {
    if (layers < 1) {
      throw new IllegalArgumentException("layers: at least 1 is needed, got " + layers);
    }
    Architecture.Decoder backbone = sizes.backbone();
    Architecture.Semantic semantic = sizes.semantic();
    Architecture.FlowHead flowHead = sizes.flowHead();
    return new Architecture(
        new Architecture.Decoder(
            backbone.hiddenSize(),
            Math.min(layers, backbone.layers()),
            backbone.heads(),
            backbone.keyValueHeads(),
            backbone.headSize(),
            backbone.feedForwardSize(),
            backbone.vocabularySize(),
            backbone.normEpsilon(),
            backbone.ropeTheta(),
            backbone.tiedEmbeddings()),
        new Architecture.Semantic(
            semantic.hiddenSize(),
            Math.min(layers, semantic.layers()),
            semantic.heads(),
            semantic.feedForwardSize(),
            semantic.normEpsilon(),
            semantic.positions()),
        new Architecture.FlowHead(
            flowHead.hiddenSize(),
            Math.min(layers, flowHead.layers()),
            flowHead.heads(),
            flowHead.keyValueHeads(),
            flowHead.headSize(),
            flowHead.feedForwardSize(),
            flowHead.normEpsilon(),
            flowHead.ropeTheta(),
            flowHead.ropeScaling()),
        sizes.vae(),
        sizes.patchSize(),
        sizes.imageGrid(),
        sizes.videoGrid(),
        sizes.videoUnderstandingGrid());
  }
}
