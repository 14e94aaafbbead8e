package dev.showo2.pipeline;

public final class ImageToVideo {
  public ImageToVideo(dev.showo2.pipeline.internal.LoadedModel model) { super(); throw null; }
  public GeneratedVideo generate(ImageToVideoRequest request, dev.showo2.media.video.FrameSink sink) { throw null; }
  public GeneratedVideo generate(ImageToVideoRequest request, dev.showo2.media.video.FrameSink sink, GenerationListener listener) { throw null; }
  public java.util.concurrent.CompletableFuture<GeneratedVideo> generateAsync(ImageToVideoRequest request, dev.showo2.media.video.FrameSink sink, GenerationListener listener) { throw null; }
}
