package dev.showo2.spi.support;

public final class StageArguments<T extends AbstractTensor, C extends AbstractKvCache> {
  public StageArguments(dev.showo2.model.Architecture architecture, BackendLifetime lifetime, Class<T> tensors, Class<C> caches) { super(); throw null; }
  public BackendLifetime lifetime() { throw null; }
  public static void checkUpload(java.nio.FloatBuffer values, dev.showo2.tensor.Shape shape) { throw null; }
  public int[] textEmbedding(dev.showo2.stage.TextEmbeddingRequest request) { throw null; }
  public StageArguments.FusionArguments<T> fusion(dev.showo2.stage.FusionRequest request) { throw null; }
  public StageArguments.BackboneArguments<T, C> backbone(dev.showo2.stage.BackboneRequest request) { throw null; }
  public StageArguments.LanguageHeadArguments<T> languageHead(dev.showo2.stage.LanguageHeadRequest request) { throw null; }
  public StageArguments.FlowHeadArguments<T, C> append(dev.showo2.stage.FlowHeadRequest request) { throw null; }
  public StageArguments.FlowHeadArguments<T, C> velocity(dev.showo2.stage.FlowHeadRequest request) { throw null; }
  public T imagePixels(dev.showo2.tensor.Tensor pixels) { throw null; }
  public T imageLatents(dev.showo2.tensor.Tensor latents) { throw null; }
  public T tensor(dev.showo2.tensor.Tensor tensor, String what, long... expected) { throw null; }
  public static record FusionArguments<T>(T latents, int batch, int frames, dev.showo2.stage.TokenGrid tokens, java.util.Optional<dev.showo2.stage.TokenGrid> resized) {
    public final String toString() { throw null; }
    public final int hashCode() { throw null; }
    public final boolean equals(Object o) { throw null; }
  }
  public static record BackboneArguments<T, C>(C cache, java.util.List<T> parts, int batch, int length, dev.showo2.stage.Attention attention) {
    public final String toString() { throw null; }
    public final int hashCode() { throw null; }
    public final boolean equals(Object o) { throw null; }
  }
  public static record LanguageHeadArguments<T>(T hidden, int batch, int length, int firstPosition) {
    public final String toString() { throw null; }
    public final int hashCode() { throw null; }
    public final boolean equals(Object o) { throw null; }
  }
  public static record FlowHeadArguments<T, C>(C cache, T hidden, java.util.Optional<T> time, int batch, int length, dev.showo2.stage.Attention attention) {
    public final String toString() { throw null; }
    public final int hashCode() { throw null; }
    public final boolean equals(Object o) { throw null; }
  }
}
