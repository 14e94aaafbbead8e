package dev.showo2.pipeline;

public abstract sealed class TextRequestBuilder<B extends TextRequestBuilder<B>> permits TextOptions.Builder, ImageUnderstandingRequest.Builder, VideoUnderstandingRequest.Builder {
  TextRequestBuilder() { super(); throw null; }
  public B options(TextOptions options) { throw null; }
  public B maxTokens(int maxTokens) { throw null; }
  public B sampling(dev.showo2.sampler.TokenSampling sampling) { throw null; }
  public B repetitionPenalty(float repetitionPenalty) { throw null; }
  public B stopSequences(String... stopSequences) { throw null; }
  public B seed(long seed) { throw null; }
}
