package dev.showo2.train.checkpoint;

import dev.showo2.model.Architecture;

/** Sizes of a model with another backbone. */
final class BackboneSizes {

  private BackboneSizes() {}

  static Architecture.Decoder withVocabulary(Architecture.Decoder sizes, int vocabularySize) {
    return new Architecture.Decoder(
        sizes.hiddenSize(),
        sizes.layers(),
        sizes.heads(),
        sizes.keyValueHeads(),
        sizes.headSize(),
        sizes.feedForwardSize(),
        vocabularySize,
        sizes.normEpsilon(),
        sizes.ropeTheta(),
        sizes.tiedEmbeddings());
  }

  static Architecture withBackbone(Architecture sizes, Architecture.Decoder backbone) {
    return new Architecture(
        backbone,
        sizes.semantic(),
        sizes.flowHead(),
        sizes.vae(),
        sizes.patchSize(),
        sizes.imageGrid(),
        sizes.videoGrid(),
        sizes.videoUnderstandingGrid());
  }
}
