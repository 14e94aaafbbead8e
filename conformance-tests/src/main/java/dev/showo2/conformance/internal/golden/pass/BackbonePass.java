package dev.showo2.conformance.internal.golden.pass;

import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apiguardian.api.API;

/**
 * A whole sequence through the backbone.
 *
 * <p>Each full segment is evaluated before it is appended: that is what a denoising step does, it
 * must give the same, and what is appended afterwards shows that the cache was left as it was.
 *
 * @param hidden of all segments, as they were appended
 * @param evaluated the same, with the full segments as they were evaluated
 * @param logits of all positions, if asked for
 */
@API(status = API.Status.INTERNAL)
public record BackbonePass(HostTensor hidden, HostTensor evaluated, Optional<HostTensor> logits) {

  private static final int BATCH = 0;
  private static final int SEQUENCE = 1;

  public static BackbonePass of(
      Backend backend, HostTensor embeddings, List<Span> spans, boolean withLogits) {
    int length = Math.toIntExact(embeddings.shape().dimension(SEQUENCE));
    Backbone backbone = backend.backbone();
    List<HostTensor> hidden = new ArrayList<>();
    List<HostTensor> evaluated = new ArrayList<>();
    List<HostTensor> logits = new ArrayList<>();
    try (KvCache cache =
        backbone.newCache(CacheRequest.of(Math.toIntExact(embeddings.shape().dimension(BATCH))))) {
      for (SpanSegment segment : SpanSegment.of(spans, length)) {
        HostTensor part =
            HostTensors.slice(embeddings, SEQUENCE, segment.start(), segment.length());
        try (Tensor input = backend.upload(part)) {
          BackboneRequest request = BackboneRequest.of(cache, List.of(input), segment.attention());
          if (segment.attention() == Attention.FULL) {
            try (Tensor output = backbone.evaluate(request)) {
              evaluated.add(output.toHost());
            }
          }
          try (Tensor output = backbone.append(request)) {
            hidden.add(output.toHost());
            if (withLogits) {
              logits.add(logits(backend, output));
            }
          }
        }
        if (segment.attention() == Attention.CAUSAL) {
          evaluated.add(hidden.get(hidden.size() - 1));
        }
      }
    }
    return new BackbonePass(
        HostTensors.join(hidden, SEQUENCE),
        HostTensors.join(evaluated, SEQUENCE),
        withLogits ? Optional.of(HostTensors.join(logits, SEQUENCE)) : Optional.empty());
  }

  private static HostTensor logits(Backend backend, Tensor hidden) {
    try (Tensor logits = backend.languageHead().logits(LanguageHeadRequest.of(hidden, false))) {
      return logits.toHost();
    }
  }

  /** Passes of single rows as the pass of a batch. */
  public static BackbonePass join(List<BackbonePass> rows) {
    return new BackbonePass(
        joined(rows, BackbonePass::hidden),
        joined(rows, BackbonePass::evaluated),
        rows.get(0).logits().map(first -> joined(rows, row -> row.logits().orElseThrow())));
  }

  private static HostTensor joined(
      List<BackbonePass> rows, Function<BackbonePass, HostTensor> part) {
    return HostTensors.join(rows.stream().map(part).toList(), BATCH);
  }
}
