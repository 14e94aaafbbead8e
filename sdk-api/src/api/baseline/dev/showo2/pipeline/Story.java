package dev.showo2.pipeline;

public final class Story {
  public Story(dev.showo2.pipeline.internal.LoadedModel model) { super(); throw null; }
  public GeneratedStory tell(String prompt) { throw null; }
  public GeneratedStory tell(StoryRequest request) { throw null; }
  public GeneratedStory tell(StoryRequest request, GenerationListener listener) { throw null; }
  public java.util.concurrent.CompletableFuture<GeneratedStory> tellAsync(StoryRequest request, GenerationListener listener) { throw null; }
}
