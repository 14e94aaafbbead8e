package dev.showo2.pipeline;

public abstract sealed class FlowRequestBuilder<B extends FlowRequestBuilder<B>> permits FlowOptions.Builder, TextToImageRequest.Builder, ImageToImageRequest.Builder, StoryRequest.Builder, TextToVideoRequest.Builder, ImageToVideoRequest.Builder {
  FlowRequestBuilder() { super(); throw null; }
  public B options(FlowOptions options) { throw null; }
  public B seed(long seed) { throw null; }
  public B steps(int steps) { throw null; }
  public B guidanceScale(float guidanceScale) { throw null; }
  public B guidanceEnd(float guidanceEnd) { throw null; }
  public B negativePrompt(String negativePrompt) { throw null; }
  public B solver(dev.showo2.sampler.Solver solver) { throw null; }
  public B timeShift(float timeShift) { throw null; }
  public B initialLatents(dev.showo2.tensor.HostTensor initialLatents) { throw null; }
}
