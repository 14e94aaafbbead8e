package dev.showo2.testing;

import dev.showo2.model.Architecture;
import dev.showo2.stage.TokenGrid;
import java.util.Collections;
import java.util.List;

/**
 * Sizes of a model. Those that no official model changes are as in these; the others are tiny until
 * they are set.
 */
public final class ArchitectureBuilder {

  private Architecture.Decoder backbone;
  private Architecture.Semantic semantic;
  private Architecture.FlowHead flowHead;
  private Architecture.Vae vae =
      new Architecture.Vae(
          4,
          16,
          List.of(1, 2, 4, 4),
          2,
          List.of(false, true, true),
          Collections.nCopies(16, 0f),
          Collections.nCopies(16, 1f));
  private int patchSize = 2;
  private TokenGrid imageGrid = new TokenGrid(2, 2);
  private TokenGrid videoGrid = imageGrid;
  private TokenGrid videoUnderstandingGrid = imageGrid;

  public ArchitectureBuilder() {
    backbone(8, 1, 2, 1, 4, 8, TinyTokenizer.VOCABULARY, true);
    semantic(8, 1, 2, 8, 4);
    flowHead(4, 1, 2, 1, 4, 8);
  }

  /** Begins with the sizes of another model. */
  public static ArchitectureBuilder from(Architecture sizes) {
    ArchitectureBuilder builder = new ArchitectureBuilder();
    builder.backbone = sizes.backbone();
    builder.semantic = sizes.semantic();
    builder.flowHead = sizes.flowHead();
    builder.vae = sizes.vae();
    builder.patchSize = sizes.patchSize();
    return builder.grids(sizes.imageGrid(), sizes.videoGrid(), sizes.videoUnderstandingGrid());
  }

  public ArchitectureBuilder backbone(Architecture.Decoder sizes) {
    backbone = sizes;
    return this;
  }

  /** In the order of {@link Architecture.Decoder}. */
  public ArchitectureBuilder backbone(
      int hiddenSize,
      int layers,
      int heads,
      int keyValueHeads,
      int headSize,
      int feedForwardSize,
      int vocabularySize,
      boolean tied) {
    backbone =
        new Architecture.Decoder(
            hiddenSize,
            layers,
            heads,
            keyValueHeads,
            headSize,
            feedForwardSize,
            vocabularySize,
            1e-6,
            1e6,
            tied);
    return this;
  }

  /** In the order of {@link Architecture.Semantic}. */
  public ArchitectureBuilder semantic(
      int hiddenSize, int layers, int heads, int feedForwardSize, int positions) {
    semantic =
        new Architecture.Semantic(hiddenSize, layers, heads, feedForwardSize, 1e-6, positions);
    return this;
  }

  /** In the order of {@link Architecture.FlowHead}. */
  public ArchitectureBuilder flowHead(
      int hiddenSize, int layers, int heads, int keyValueHeads, int headSize, int feedForwardSize) {
    flowHead =
        new Architecture.FlowHead(
            hiddenSize,
            layers,
            heads,
            keyValueHeads,
            headSize,
            feedForwardSize,
            1e-5,
            5e5,
            new Architecture.RopeScaling(32, 1, 4, 8192));
    return this;
  }

  public ArchitectureBuilder vae(int width, int blocks) {
    return vae(width, blocks, vae.latentMeans(), vae.latentDeviations());
  }

  private ArchitectureBuilder vae(
      int width, int blocks, List<Float> means, List<Float> deviations) {
    vae =
        new Architecture.Vae(
            width,
            vae.latentChannels(),
            vae.multipliers(),
            blocks,
            vae.temporalDownsample(),
            means,
            deviations);
    return this;
  }

  /** Of each channel of the latents. */
  public ArchitectureBuilder latents(float mean, float deviation) {
    return vae(
        vae.width(),
        vae.residualBlocks(),
        Collections.nCopies(16, mean),
        Collections.nCopies(16, deviation));
  }

  public ArchitectureBuilder grids(TokenGrid image, TokenGrid video, TokenGrid videoUnderstanding) {
    imageGrid = image;
    videoGrid = video;
    videoUnderstandingGrid = videoUnderstanding;
    return this;
  }

  public Architecture build() {
    return new Architecture(
        backbone, semantic, flowHead, vae, patchSize, imageGrid, videoGrid, videoUnderstandingGrid);
  }
}
