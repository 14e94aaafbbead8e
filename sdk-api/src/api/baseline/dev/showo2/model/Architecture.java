package dev.showo2.model;

public record Architecture(Architecture.Decoder backbone, Architecture.Semantic semantic, Architecture.FlowHead flowHead, Architecture.Vae vae, int patchSize, dev.showo2.stage.TokenGrid imageGrid, dev.showo2.stage.TokenGrid videoGrid, dev.showo2.stage.TokenGrid videoUnderstandingGrid) {
  public static final int TIME_FREQUENCIES = 256;
  public static final int VAE_SPATIAL_FACTOR = 8;
  public static final int VAE_TEMPORAL_FACTOR = 4;
  public boolean projectsHidden() { throw null; }
  public boolean interpolatesPositions() { throw null; }
  public int pixelsPerToken() { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
  public static record Decoder(int hiddenSize, int layers, int heads, int keyValueHeads, int headSize, int feedForwardSize, int vocabularySize, double normEpsilon, double ropeTheta, boolean tiedEmbeddings) {
    public final String toString() { throw null; }
    public final int hashCode() { throw null; }
    public final boolean equals(Object o) { throw null; }
  }
  public static record Semantic(int hiddenSize, int layers, int heads, int feedForwardSize, double normEpsilon, int positions) {
    public final String toString() { throw null; }
    public final int hashCode() { throw null; }
    public final boolean equals(Object o) { throw null; }
  }
  public static record FlowHead(int hiddenSize, int layers, int heads, int keyValueHeads, int headSize, int feedForwardSize, double normEpsilon, double ropeTheta, Architecture.RopeScaling ropeScaling) {
    public final String toString() { throw null; }
    public final int hashCode() { throw null; }
    public final boolean equals(Object o) { throw null; }
  }
  public static record RopeScaling(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalLength) {
    public final String toString() { throw null; }
    public final int hashCode() { throw null; }
    public final boolean equals(Object o) { throw null; }
  }
  public static record Vae(int width, int latentChannels, java.util.List<Integer> multipliers, int residualBlocks, java.util.List<Boolean> temporalDownsample, java.util.List<Float> latentMeans, java.util.List<Float> latentDeviations) {
    public final String toString() { throw null; }
    public final int hashCode() { throw null; }
    public final boolean equals(Object o) { throw null; }
  }
}
