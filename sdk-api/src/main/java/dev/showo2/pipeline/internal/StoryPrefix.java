package dev.showo2.pipeline.internal;

import dev.showo2.pipeline.StoryRequest;
import dev.showo2.sequence.internal.Part;
import dev.showo2.sequence.internal.Segment;
import dev.showo2.sequence.internal.SequenceLayout;
import dev.showo2.spi.Backend;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/**
 * The prefix of a story, cached twice: finished images have one flow time in the prefix of text and
 * another in the prefix of images, and the KV cache depends on it (SPEC 8). Each text and image
 * passes through the model once for either. The opener closes it. Not thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class StoryPrefix implements AutoCloseable {

  private final LoadedModel model;
  private final KvCache textCache;
  private final DenoisingBranch imageBranch;
  private final List<Integer> ids = new ArrayList<>();
  // Parts that are in neither cache yet.
  private final List<Part> pending = new ArrayList<>();

  private StoryPrefix(LoadedModel model, KvCache textCache, DenoisingBranch imageBranch) {
    this.model = model;
    this.textCache = textCache;
    this.imageBranch = imageBranch;
  }

  /**
   * Starts a story with its prompt, which passes through the model with the first text.
   *
   * @param prompt token ids
   * @param request of the caller; says how long the story may become
   */
  public static StoryPrefix start(LoadedModel model, int[] prompt, StoryRequest request) {
    Backend backend = model.backend();
    CacheRequest cache =
        CacheRequest.builder(1).expectedPositions(longest(model, prompt, request)).build();
    KvCache textCache = backend.backbone().newCache(cache);
    try {
      StoryPrefix prefix = new StoryPrefix(model, textCache, DenoisingBranch.open(backend, cache));
      for (int id : prompt) {
        prefix.ids.add(id);
      }
      prefix.pending.addAll(model.layout().storyPrefix(prompt).parts());
      return prefix;
    } catch (RuntimeException | Error e) {
      try (textCache) {
        throw e;
      }
    }
  }

  /**
   * Estimates the bytes of a story with all its images and the longest texts.
   *
   * @param model that tells it
   * @param prompt token ids
   * @param request of the caller
   * @return as {@link RequestMemory} gives it
   */
  public static long memory(LoadedModel model, int[] prompt, StoryRequest request) {
    return RequestMemory.of(model).story(longest(model, prompt, request), request.maxImages());
  }

  /** The positions of a story with all its images and the longest texts. */
  private static int longest(LoadedModel model, int[] prompt, StoryRequest request) {
    SequenceLayout layout = model.layout();
    int image =
        layout
                .finishedImage(
                    SequenceLayout.TIME_BEFORE_TEXT, 0, model.architecture().imageGrid().tokens())
                .length()
            + 1;
    long positions =
        layout.storyPrefix(prompt).length()
            + (long) request.maxImages() * image
            + (request.maxImages() + 1L) * request.text().maxTokens();
    return (int) Math.min(positions, Integer.MAX_VALUE);
  }

  /** The KV cache of the prefix of text; grows with the text. */
  KvCache textCache() {
    return textCache;
  }

  /** The tokens of all texts so far. */
  int[] ids() {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The prefix of an image, as the conditional branch of its flow. */
  DenoisingBranch imageBranch() {
    return imageBranch;
  }

  /**
   * Appends the pending parts to the prefix of text.
   *
   * @return hidden states [1, S, D], which the text continues; to be closed by the caller
   */
  Tensor continueText() {
    return new SegmentRunner(model.backend(), 1).append(textCache, pendingSegment(), List.of());
  }

  /**
   * Appends a text that ended with boi, so that an image can follow.
   *
   * @param text all of its ids; {@link #textCache} holds all but the last
   */
  void endText(int[] text) {
    for (int id : text) {
      ids.add(id);
    }
    pending.add(new Part.Text(text));
    imageBranch.append(pendingSegment(), List.of());
    pending.clear();
    Segment last = Segment.causal(new Part.Text(text[text.length - 1]));
    new SegmentRunner(model.backend(), 1).append(textCache, last, List.of()).close();
  }

  private Segment pendingSegment() {
    return Segment.causal(pending.toArray(Part[]::new));
  }

  /**
   * Appends a finished image to both prefixes.
   *
   * @param latents [1, C, 1, h, w]
   */
  void addImage(HostTensor latents) {
    Backend backend = model.backend();
    SequenceLayout layout = model.layout();
    try (Tensor uploaded = backend.upload(latents);
        Tensor image = backend.fusion().fuse(FusionRequest.of(uploaded))) {
      int tokens = Math.toIntExact(image.shape().dimension(1));
      imageBranch.append(
          layout.finishedImage(SequenceLayout.TIME_BESIDE_IMAGE, 0, tokens), List.of(image));
      Segment span = layout.finishedImage(SequenceLayout.TIME_BEFORE_TEXT, 0, tokens);
      new SegmentRunner(backend, 1).append(textCache, span, List.of(image)).close();
    }
    pending.add(new Part.Text(model.bundle().manifest().specialTokens().eoi()));
  }

  @Override
  public void close() {
    try (textCache) {
      imageBranch.close();
    }
  }
}
