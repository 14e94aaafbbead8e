package dev.showo2.pipeline.internal;

import dev.showo2.sequence.internal.Part;
import dev.showo2.sequence.internal.Segment;
import dev.showo2.spi.Backend;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apiguardian.api.API;

/**
 * Embeds the parts of segments and appends the segments to the backbone's KV cache. Thread-safe, as
 * its backend is.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class SegmentRunner {

  private final Backend backend;
  private final int batch;

  /**
   * Makes a runner.
   *
   * @param backend that runs the stages
   * @param batch B, number of equal sequences
   */
  public SegmentRunner(Backend backend, int batch) {
    this.backend = backend;
    this.batch = batch;
  }

  /**
   * Appends segments to the cache, one after the other.
   *
   * @param segments at least one
   * @param visuals image tokens [B, L, D] that the segments' parts refer to; stay open
   * @return hidden states of the last one
   */
  public Tensor appendAll(KvCache cache, List<Segment> segments, List<Tensor> visuals) {
    int last = segments.size() - 1;
    segments.subList(0, last).forEach(segment -> append(cache, segment, visuals).close());
    return append(cache, segments.get(last), visuals);
  }

  /**
   * Appends a segment to the cache.
   *
   * @param visuals image tokens [B, L, D] that the segment's parts refer to; stay open
   * @return hidden states [B, S, D] of the segment
   */
  public Tensor append(KvCache cache, Segment segment, List<Tensor> visuals) {
    return withEmbeddings(
        segment,
        visuals,
        parts -> backend.backbone().append(BackboneRequest.of(cache, parts, segment.attention())));
  }

  /** The embeddings of a segment, part by part [B, Sᵢ, D], on the host. */
  public List<HostTensor> embeddings(Segment segment, List<Tensor> visuals) {
    return withEmbeddings(segment, visuals, parts -> parts.stream().map(Tensor::toHost).toList());
  }

  private <T> T withEmbeddings(
      Segment segment, List<Tensor> visuals, Function<List<Tensor>, T> use) {
    List<Tensor> made = new ArrayList<>();
    try {
      List<Tensor> parts = new ArrayList<>();
      for (Part part : segment.parts()) {
        parts.add(embed(part, visuals, made));
      }
      return use.apply(parts);
    } finally {
      made.forEach(Tensor::close);
    }
  }

  private Tensor embed(Part part, List<Tensor> visuals, List<Tensor> made) {
    if (part instanceof Part.Visual visual && isWhole(visual, visuals)) {
      return visuals.get(visual.index());
    }
    Tensor embedding = embed(part, visuals);
    made.add(embedding);
    return embedding;
  }

  private Tensor embed(Part part, List<Tensor> visuals) {
    if (part instanceof Part.Visual visual) {
      return stretch(visual, visuals.get(visual.index()));
    }
    return part instanceof Part.Text text ? text(text) : time((Part.Time) part);
  }

  private static boolean isWhole(Part.Visual visual, List<Tensor> visuals) {
    return visual.offset() == 0
        && visual.length() == visuals.get(visual.index()).shape().dimension(1);
  }

  /**
   * A slice of a visual's tokens. Backends slice no tensors, so it goes through the host; that is
   * needed only for the few visuals that a segment's border divides.
   */
  private Tensor stretch(Part.Visual visual, Tensor tokens) {
    Shape shape = tokens.shape();
    int length = Math.toIntExact(shape.dimension(1));
    int width = Math.toIntExact(shape.dimension(2));
    Objects.checkFromIndexSize(visual.offset(), visual.length(), length);
    float[] all = tokens.toHost().values();
    float[] some = new float[batch * visual.length() * width];
    int size = visual.length() * width;
    for (int row = 0; row < batch; row++) {
      System.arraycopy(all, (row * length + visual.offset()) * width, some, row * size, size);
    }
    return backend.upload(new HostTensor(Shape.of(batch, visual.length(), width), some));
  }

  private Tensor text(Part.Text text) {
    return backend.textEmbedding().embed(TextEmbeddingRequest.repeated(text.ids(), batch));
  }

  private Tensor time(Part.Time time) {
    TimeFeatures features =
        backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(time.time(), batch));
    features.vector().close();
    return features.token();
  }
}
