package dev.showo2.conformance.internal.golden.pass;

import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.TextOptions;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.pipeline.internal.RequestContext;
import dev.showo2.pipeline.internal.SegmentRunner;
import dev.showo2.pipeline.internal.TextGenerator;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.sequence.internal.Part;
import dev.showo2.sequence.internal.Segment;
import dev.showo2.spi.Backend;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apiguardian.api.API;

/** Sequences that are continued greedily up to eos, or up to a length. */
@API(status = API.Status.INTERNAL)
public final class GreedyText {

  private GreedyText() {}

  /**
   * @param hidden of the sequence's last segment; closed on return
   * @param length at most, in tokens
   */
  static GeneratedText after(LoadedModel model, KvCache cache, Tensor hidden, int length) {
    return new TextGenerator(
            model,
            TextOptions.builder().maxTokens(length).build(),
            Set.of(model.bundle().manifest().specialTokens().eos()))
        .generate(
            cache,
            hidden,
            new int[0],
            new TorchRandom(0),
            new RequestContext(GenerationListener.NONE));
  }

  /** Continues a text. */
  public static GeneratedText afterText(LoadedModel model, int[] ids, int length) {
    return after(model, List.of(Segment.causal(new Part.Text(ids))), List.of(), length);
  }

  /**
   * Continues the text after a finished image.
   *
   * @param ids of the whole sequence; what they are in the span does not matter
   * @param latents [1, C, 1, h, w]
   * @param time of the image
   */
  public static GeneratedText afterImage(
      LoadedModel model, int[] ids, Span span, HostTensor latents, float time, int length) {
    Backend backend = model.backend();
    List<Segment> segments =
        List.of(
            Segment.causal(new Part.Text(Arrays.copyOf(ids, span.offset()))),
            model.layout().finishedImage(time, 0, span.length() - 1),
            Segment.causal(new Part.Text(Arrays.copyOfRange(ids, span.end(), ids.length))));
    try (Tensor uploaded = backend.upload(latents);
        Tensor image = backend.fusion().fuse(FusionRequest.of(uploaded))) {
      return after(model, segments, List.of(image), length);
    }
  }

  private static GeneratedText after(
      LoadedModel model, List<Segment> segments, List<Tensor> visuals, int length) {
    try (KvCache cache = model.backend().backbone().newCache(CacheRequest.of(1))) {
      Tensor hidden = new SegmentRunner(model.backend(), 1).appendAll(cache, segments, visuals);
      return after(model, cache, hidden, length);
    }
  }
}
