package dev.showo2.conformance.internal.golden.pass;

import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.pipeline.internal.SegmentRunner;
import dev.showo2.sequence.internal.Part;
import dev.showo2.sequence.internal.Segment;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * A question on given latents of one image or of the frames of a video.
 *
 * @param visuals fused tokens, one tensor for each image or frame
 */
@API(status = API.Status.INTERNAL)
public record Question(LoadedModel model, List<Segment> segments, List<Tensor> visuals)
    implements AutoCloseable {

  /** The answer of the model: logits [1, 1, V] of the first token, and the greedy text. */
  @API(status = API.Status.INTERNAL)
  public record Answer(HostTensor firstLogits, GeneratedText text) {}

  /**
   * @param latents [1, C, h, w]
   */
  public static Question onImage(LoadedModel model, HostTensor latents, String question) {
    Tensor tokens = fuse(model.backend(), asVideo(latents), Optional.empty());
    return of(
        model,
        List.of(tokens),
        ids -> model.layout().imageUnderstanding(length(tokens), ids),
        question);
  }

  /**
   * @param latents [F, C, h, w], of single images
   */
  public static Question onVideo(LoadedModel model, HostTensor latents, String question) {
    Optional<TokenGrid> grid = Optional.of(model.architecture().videoUnderstandingGrid());
    int imageTokens = model.architecture().imageGrid().tokens();
    List<Tensor> frames = new ArrayList<>();
    try {
      for (int frame = 0; frame < latents.shape().dimension(0); frame++) {
        HostTensor single = HostTensors.slice(latents, 0, frame, 1);
        frames.add(fuse(model.backend(), asVideo(single), grid));
      }
    } catch (RuntimeException | Error e) {
      frames.forEach(Tensor::close);
      throw e;
    }
    return of(
        model,
        frames,
        ids ->
            model
                .layout()
                .videoUnderstanding(frames.size(), length(frames.get(0)), imageTokens, ids),
        question);
  }

  private interface Layout {
    List<Segment> of(int... question);
  }

  private static Question of(
      LoadedModel model, List<Tensor> visuals, Layout layout, String question) {
    try {
      return new Question(model, layout.of(model.tokenizer().encode(question)), visuals);
    } catch (RuntimeException | Error e) {
      visuals.forEach(Tensor::close);
      throw e;
    }
  }

  /** The tokens of all frames as pipelines get them, frame by frame: [1, F·L, D]. */
  public HostTensor frameTokens() {
    return HostTensors.join(visuals.stream().map(Tensor::toHost).toList(), 1);
  }

  /**
   * All frames at once, as backends should be able to do it too.
   *
   * @param latents [F, C, h, w]
   */
  public static HostTensor fusedTogether(LoadedModel model, HostTensor latents) {
    Optional<TokenGrid> grid = Optional.of(model.architecture().videoUnderstandingGrid());
    try (Tensor together = fuse(model.backend(), asVideo(latents), grid)) {
      return together.toHost();
    }
  }

  /** All ids of text in their order; what is no text is left out. */
  public int[] textIds() {
    return segments.stream()
        .flatMap(segment -> segment.parts().stream())
        .filter(Part.Text.class::isInstance)
        .flatMapToInt(part -> IntStream.of(((Part.Text) part).ids()))
        .toArray();
  }

  /** Where attention is full. */
  public List<Span> spans() {
    List<Span> spans = new ArrayList<>();
    int position = 0;
    for (Segment segment : segments) {
      if (segment.attention() == Attention.FULL) {
        spans.add(new Span(position, segment.length()));
      }
      position += segment.length();
    }
    return spans;
  }

  /** Of the whole sequence [1, S, D]. */
  public HostTensor embeddings() {
    SegmentRunner runner = new SegmentRunner(model.backend(), 1);
    List<HostTensor> parts = new ArrayList<>();
    for (Segment segment : segments) {
      parts.addAll(runner.embeddings(segment, visuals));
    }
    return HostTensors.join(parts, 1);
  }

  /**
   * @param length of the answer at most, in tokens
   */
  public Answer ask(int length) {
    Backend backend = model.backend();
    try (KvCache cache = backend.backbone().newCache(CacheRequest.of(1))) {
      Tensor hidden = new SegmentRunner(backend, 1).appendAll(cache, segments, visuals);
      HostTensor first;
      try (Tensor logits = backend.languageHead().logits(LanguageHeadRequest.last(hidden))) {
        first = logits.toHost();
      } catch (RuntimeException | Error e) {
        try (hidden) {
          throw e;
        }
      }
      return new Answer(first, GreedyText.after(model, cache, hidden, length));
    }
  }

  private static Tensor fuse(Backend backend, HostTensor latents, Optional<TokenGrid> grid) {
    try (Tensor uploaded = backend.upload(latents)) {
      return backend.fusion().fuse(FusionRequest.of(uploaded, grid));
    }
  }

  /** Latents [F, C, h, w] of single images as [1, C, F, h, w]. */
  private static HostTensor asVideo(HostTensor latents) {
    List<HostTensor> frames = new ArrayList<>();
    for (int frame = 0; frame < latents.shape().dimension(0); frame++) {
      frames.add(HostTensors.withFrameAxis(HostTensors.slice(latents, 0, frame, 1)));
    }
    return HostTensors.join(frames, 2);
  }

  private static int length(Tensor tokens) {
    return Math.toIntExact(tokens.shape().dimension(1));
  }

  @Override
  public void close() {
    visuals.forEach(Tensor::close);
  }
}
