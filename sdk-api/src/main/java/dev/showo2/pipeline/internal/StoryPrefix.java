package dev.showo2.pipeline.internal;

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
 * What a story has told so far, kept twice: finished images stand at one time while text is made
 * and at another while an image is, and keys and values depend on it (SPEC 8). Each text and image
 * goes through the model once for either. Freed with {@link #close}.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class StoryPrefix implements AutoCloseable {

  private final LoadedModel model;
  private final KvCache beforeText;
  private final DenoisingBranch beforeImage;
  private final List<Integer> ids = new ArrayList<>();
  // Told, but not yet taken in by either side.
  private final List<Part> pending = new ArrayList<>();

  private StoryPrefix(LoadedModel model, KvCache beforeText, DenoisingBranch beforeImage) {
    this.model = model;
    this.beforeText = beforeText;
    this.beforeImage = beforeImage;
  }

  /**
   * @param prompt token ids
   */
  public static StoryPrefix start(LoadedModel model, int[] prompt) {
    Backend backend = model.backend();
    KvCache beforeText = backend.backbone().newCache(CacheRequest.of(1));
    try {
      StoryPrefix history = new StoryPrefix(model, beforeText, DenoisingBranch.open(backend));
      for (int id : prompt) {
        history.ids.add(id);
      }
      history.pending.addAll(model.layout().storyPrefix(prompt).parts());
      return history;
    } catch (RuntimeException | Error e) {
      try (beforeText) {
        throw e;
      }
    }
  }

  /** The keys and values that text is made with; grows with the text. */
  KvCache beforeText() {
    return beforeText;
  }

  /** The tokens of all texts so far. */
  int[] ids() {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  /** What an image is made with. */
  DenoisingBranch beforeImage() {
    return beforeImage;
  }

  /**
   * Takes in what was told last.
   *
   * @return hidden states [1, S, D] that text goes on from
   */
  Tensor continueText() {
    return new SegmentRunner(model.backend(), 1).append(beforeText, told(), List.of());
  }

  /**
   * Takes in a text that ended with boi, so that an image may follow.
   *
   * @param text all of its ids; {@link #beforeText} holds all but the last
   */
  void endText(int[] text) {
    for (int id : text) {
      ids.add(id);
    }
    pending.add(new Part.Text(text));
    beforeImage.append(told(), List.of());
    pending.clear();
    Segment last = Segment.causal(new Part.Text(text[text.length - 1]));
    new SegmentRunner(model.backend(), 1).append(beforeText, last, List.of()).close();
  }

  private Segment told() {
    return Segment.causal(pending.toArray(Part[]::new));
  }

  /**
   * Takes in a finished image.
   *
   * @param latents [1, C, 1, h, w]
   */
  void addImage(HostTensor latents) {
    Backend backend = model.backend();
    SequenceLayout layout = model.layout();
    try (Tensor uploaded = backend.upload(latents);
        Tensor image = backend.fusion().fuse(FusionRequest.of(uploaded))) {
      int tokens = Math.toIntExact(image.shape().dimension(1));
      beforeImage.append(
          layout.finishedImage(SequenceLayout.TIME_BESIDE_IMAGE, 0, tokens), List.of(image));
      Segment span = layout.finishedImage(SequenceLayout.TIME_BEFORE_TEXT, 0, tokens);
      new SegmentRunner(backend, 1).append(beforeText, span, List.of(image)).close();
    }
    pending.add(new Part.Text(model.bundle().manifest().specialTokens().eoi()));
  }

  @Override
  public void close() {
    try (beforeText) {
      beforeImage.close();
    }
  }
}
