package dev.showo2.model;

import dev.showo2.stage.TokenGrid;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * The sizes of one model, collected from {@code config.json}, {@code arch.json} and the shapes of
 * the weights. Immutable and thread-safe.
 *
 * @param backbone the language model
 * @param semantic the semantic layers
 * @param flowHead the flow head
 * @param vae the variational autoencoder
 * @param patchSize latents per token and axis; 2 in all known models
 * @param imageGrid tokens of an image at the size the checkpoint was made for
 * @param videoGrid tokens of one video frame at that size
 * @param videoUnderstandingGrid to which the tokens of a frame are resized for understanding
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Architecture(
    Decoder backbone,
    Semantic semantic,
    FlowHead flowHead,
    Vae vae,
    int patchSize,
    TokenGrid imageGrid,
    TokenGrid videoGrid,
    TokenGrid videoUnderstandingGrid) {

  /**
   * Holds the sizes; ranges are not checked here, but where a manifest is read.
   *
   * @param backbone the language model
   * @param semantic the semantic layers
   * @param flowHead the flow head
   * @param vae the variational autoencoder
   * @param patchSize latents per token and axis; 2 in all known models
   * @param imageGrid tokens of an image at the size the checkpoint was made for
   * @param videoGrid tokens of one video frame at that size
   * @param videoUnderstandingGrid to which the tokens of a frame are resized for understanding
   */
  public Architecture {
    Objects.requireNonNull(backbone, "backbone");
    Objects.requireNonNull(semantic, "semantic");
    Objects.requireNonNull(flowHead, "flowHead");
    Objects.requireNonNull(vae, "vae");
    Objects.requireNonNull(imageGrid, "imageGrid");
    Objects.requireNonNull(videoGrid, "videoGrid");
    Objects.requireNonNull(videoUnderstandingGrid, "videoUnderstandingGrid");
  }

  /** Size of the sinusoidal features that the time embedding starts from. */
  public static final int TIME_FREQUENCIES = 256;

  /** Image pixels per latent and axis. */
  public static final int VAE_SPATIAL_FACTOR = 8;

  /** Video frames per latent frame after the first. */
  public static final int VAE_TEMPORAL_FACTOR = 4;

  /**
   * The Qwen2.5 backbone.
   *
   * @param hiddenSize D
   * @param layers number of transformer layers
   * @param heads of queries, a multiple of {@code keyValueHeads}
   * @param headSize of each attention head, even
   * @param feedForwardSize inner width of the SwiGLU layers
   * @param vocabularySize V, rows of the embedding matrix
   * @param normEpsilon of all RMSNorms
   * @param ropeTheta base of the rotary frequencies
   * @param tiedEmbeddings whether the language head is the embedding matrix
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Decoder(
      int hiddenSize,
      int layers,
      int heads,
      int keyValueHeads,
      int headSize,
      int feedForwardSize,
      int vocabularySize,
      double normEpsilon,
      double ropeTheta,
      boolean tiedEmbeddings) {}

  /**
   * The semantic layers, taken from SigLIP.
   *
   * @param hiddenSize E, a multiple of {@code heads}
   * @param layers that are used, one fewer than SigLIP has
   * @param heads of attention
   * @param feedForwardSize inner width of the GELU layers
   * @param normEpsilon of all LayerNorms
   * @param positions length of the position table
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Semantic(
      int hiddenSize,
      int layers,
      int heads,
      int feedForwardSize,
      double normEpsilon,
      int positions) {}

  /**
   * The flow head.
   *
   * @param hiddenSize H
   * @param layers number of blocks
   * @param heads of queries, a multiple of {@code keyValueHeads}
   * @param headSize of each attention head, even
   * @param feedForwardSize inner width of the SwiGLU layers
   * @param normEpsilon of the blocks' norms; those of q, k and of the final layer have 1e-6
   * @param ropeTheta base of the rotary frequencies
   * @param ropeScaling how rotary frequencies are stretched
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record FlowHead(
      int hiddenSize,
      int layers,
      int heads,
      int keyValueHeads,
      int headSize,
      int feedForwardSize,
      double normEpsilon,
      double ropeTheta,
      RopeScaling ropeScaling) {}

  /**
   * The scaling of rotary frequencies that Llama 3.1 introduced.
   *
   * @param factor by which low frequencies are divided
   * @param lowFrequencyFactor wavelengths above originalLength / this are scaled in full
   * @param highFrequencyFactor wavelengths below originalLength / this are left as they are
   * @param originalLength in positions, before scaling
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record RopeScaling(
      double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalLength) {}

  /**
   * The Wan2.1 VAE.
   *
   * @param width channels of the first level
   * @param latentChannels C
   * @param residualBlocks of each encoder level; the decoder's have one more
   * @param multipliers width of each level in units of {@code width}
   * @param temporalDownsample which levels of the encoder halve the frame rate; one fewer than
   *     levels
   * @param latentMeans per channel, subtracted from the encoder's means
   * @param latentDeviations per channel, by which they are then divided
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Vae(
      int width,
      int latentChannels,
      List<Integer> multipliers,
      int residualBlocks,
      List<Boolean> temporalDownsample,
      List<Float> latentMeans,
      List<Float> latentDeviations) {

    /**
     * Copies the lists; a list may not hold null.
     *
     * @param width channels of the first level
     * @param latentChannels C
     * @param multipliers width of each level in units of {@code width}
     * @param residualBlocks of each encoder level; the decoder's have one more
     * @param temporalDownsample which levels of the encoder halve the frame rate
     * @param latentMeans per channel, subtracted from the encoder's means
     * @param latentDeviations per channel, by which they are then divided
     */
    public Vae {
      multipliers = List.copyOf(multipliers);
      temporalDownsample = List.copyOf(temporalDownsample);
      latentMeans = List.copyOf(latentMeans);
      latentDeviations = List.copyOf(latentDeviations);
    }
  }

  /**
   * {@return whether flow head and backbone differ in hidden size, so that projections connect
   * them}
   */
  public boolean projectsHidden() {
    return flowHead.hiddenSize() != backbone.hiddenSize();
  }

  /** {@return whether the position table must be interpolated to the image's grid (SPEC 2)} */
  public boolean interpolatesPositions() {
    return semantic.positions() != imageGrid.tokens();
  }

  /** {@return image pixels per token and axis; widths and heights are multiples of it} */
  public int pixelsPerToken() {
    return patchSize * VAE_SPATIAL_FACTOR;
  }
}
