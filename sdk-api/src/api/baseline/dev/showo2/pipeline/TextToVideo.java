package dev.showo2.pipeline;

public final class TextToVideo {
  public TextToVideo(dev.showo2.pipeline.internal.LoadedModel model) { super(); throw null; }
  public GeneratedVideo generate(String prompt, dev.showo2.media.video.FrameSink sink) { throw null; }
  public GeneratedVideo generate(TextToVideoRequest request, dev.showo2.media.video.FrameSink sink) { throw null; }
  public GeneratedVideo generate(TextToVideoRequest request, dev.showo2.media.video.FrameSink sink, GenerationListener listener) { throw null; }
  public java.util.concurrent.CompletableFuture<GeneratedVideo> generateAsync(TextToVideoRequest request, dev.showo2.media.video.FrameSink sink, GenerationListener listener) { throw null; }
  public int decode(dev.showo2.tensor.HostTensor latents, dev.showo2.media.video.FrameSink sink) { throw null; }
}
