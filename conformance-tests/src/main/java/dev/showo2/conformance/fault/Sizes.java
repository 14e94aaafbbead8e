package dev.showo2.conformance.fault;

import dev.showo2.model.Architecture;
import dev.showo2.model.Architecture.Decoder;
import dev.showo2.model.Architecture.FlowHead;
import dev.showo2.model.Architecture.RopeScaling;

/** Architectures with one constant changed. */
final class Sizes {

  private Sizes() {}

  static Architecture withBackbone(Architecture all, double epsilon, boolean tied) {
    Decoder old = all.backbone();
    return with(
        all,
        new Decoder(
            old.hiddenSize(),
            old.layers(),
            old.heads(),
            old.keyValueHeads(),
            old.headSize(),
            old.feedForwardSize(),
            old.vocabularySize(),
            epsilon,
            old.ropeTheta(),
            tied),
        all.flowHead());
  }

  static Architecture withFlowHead(Architecture all, double epsilon, RopeScaling scaling) {
    FlowHead old = all.flowHead();
    return with(
        all,
        all.backbone(),
        new FlowHead(
            old.hiddenSize(),
            old.layers(),
            old.heads(),
            old.keyValueHeads(),
            old.headSize(),
            old.feedForwardSize(),
            epsilon,
            old.ropeTheta(),
            scaling));
  }

  private static Architecture with(Architecture all, Decoder backbone, FlowHead flowHead) {
    return new Architecture(
        backbone,
        all.semantic(),
        flowHead,
        all.vae(),
        all.patchSize(),
        all.imageGrid(),
        all.videoGrid(),
        all.videoUnderstandingGrid());
  }
}
