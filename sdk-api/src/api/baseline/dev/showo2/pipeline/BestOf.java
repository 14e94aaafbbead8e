package dev.showo2.pipeline;

public final class BestOf {
  public BestOf(dev.showo2.pipeline.internal.LoadedModel model) { super(); throw null; }
  public java.util.List<ScoredImage> generate(BestOfRequest request) { throw null; }
  public java.util.List<ScoredImage> generate(BestOfRequest request, GenerationListener listener) { throw null; }
  public java.util.concurrent.CompletableFuture<java.util.List<ScoredImage>> generateAsync(BestOfRequest request, GenerationListener listener) { throw null; }
}
