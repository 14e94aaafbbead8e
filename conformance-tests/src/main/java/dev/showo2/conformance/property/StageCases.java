package dev.showo2.conformance.property;

import static dev.showo2.model.Architecture.VAE_SPATIAL_FACTOR;
import static dev.showo2.model.Architecture.VAE_TEMPORAL_FACTOR;

import dev.showo2.model.Architecture;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.stage.TokenGrid;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** The ways to use each stage, one record a stage, or a form of it. */
final class StageCases {

  private StageCases() {}

  /** Rows of different tokens. */
  record TextEmbeddingCase(int batch, int length) implements StageCase {

    @Override
    public void run(StageRun run) {
      if (run.compares(Stage.TEXT_EMBEDDING)) {
        int[][] ids = new int[batch][];
        for (int row = 0; row < batch; row++) {
          ids[row] = run.tokens(length);
        }
        run.keep("embeddings", run.backend().textEmbedding().embed(TextEmbeddingRequest.of(ids)));
      }
    }
  }

  /**
   * Rows of different times.
   *
   * @param times one for each row, from 0 to 1
   */
  record TimeEmbeddingCase(List<Float> times) implements StageCase {

    @Override
    public void run(StageRun run) {
      if (run.compares(Stage.TIME_EMBEDDING)) {
        float[] rows = new float[times.size()];
        for (int row = 0; row < rows.length; row++) {
          rows[row] = times.get(row);
        }
        TimeFeatures features = run.backend().timeEmbedding().embed(TimeEmbeddingRequest.of(rows));
        try (features) {
          run.keep("time vector", features.vector());
          run.keep("time token", features.token());
        }
      }
    }
  }

  /**
   * Images or videos, as they are and resized.
   *
   * @param frames 1 for images
   * @param grid tokens of a frame; models whose positions are not interpolated have only one grid,
   *     and that one is taken for them
   * @param resized to which the fused tokens are brought
   */
  record FusionCase(int batch, int frames, TokenGrid grid, TokenGrid resized) implements StageCase {

    @Override
    public void run(StageRun run) {
      Architecture sizes = run.sizes();
      TokenGrid tokens = sizes.interpolatesPositions() ? grid : sizes.imageGrid();
      int patch = sizes.patchSize();
      long[] shape = {
        batch,
        sizes.vae().latentChannels(),
        frames,
        (long) tokens.rows() * patch,
        (long) tokens.columns() * patch
      };
      try (Tensor latents = run.noise(shape)) {
        if (run.compares(Stage.FUSION)) {
          run.keep("image tokens", run.backend().fusion().fuse(FusionRequest.of(latents)));
        }
        if (run.compares(Stage.FUSION_RESIZE)) {
          FusionRequest request = FusionRequest.of(latents, Optional.of(resized));
          run.keep("resized image tokens", run.backend().fusion().fuse(request));
        }
      }
    }
  }

  /** A sequence of segments; each is evaluated, which must leave no trace, and then appended. */
  record BackboneCase(int batch, List<Segment> segments) implements StageCase {

    /**
     * @param first positions of the first part
     * @param second positions of the second part; 0 if there is only one
     */
    record Segment(int first, int second, Attention attention) {}

    @Override
    public void run(StageRun run) {
      if (run.compares(Stage.BACKBONE)) {
        try (KvCache cache = run.backend().backbone().newCache(CacheRequest.of(batch))) {
          for (int i = 0; i < segments.size(); i++) {
            run(run, cache, segments.get(i), "segment " + i);
          }
        }
      }
    }

    private void run(StageRun run, KvCache cache, Segment segment, String name) {
      long width = run.sizes().backbone().hiddenSize();
      try (Tensor first = run.noise(batch, segment.first(), width);
          Tensor second = run.noise(batch, Math.max(1, segment.second()), width)) {
        List<Tensor> parts = segment.second() == 0 ? List.of(first) : List.of(first, second);
        BackboneRequest request = BackboneRequest.of(cache, parts, segment.attention());
        Backbone backbone = run.backend().backbone();
        run.keep(name + " evaluated", backbone.evaluate(request));
        run.keep(name + " appended", backbone.append(request));
      }
    }
  }

  /** All positions, and the last one alone. */
  record LanguageHeadCase(int batch, int length) implements StageCase {

    @Override
    public void run(StageRun run) {
      if (run.compares(Stage.LANGUAGE_HEAD)) {
        try (Tensor hidden = run.noise(batch, length, run.sizes().backbone().hiddenSize())) {
          run.keep(
              "logits", run.backend().languageHead().logits(LanguageHeadRequest.of(hidden, false)));
          run.keep(
              "last logits", run.backend().languageHead().logits(LanguageHeadRequest.last(hidden)));
        }
      }
    }
  }

  /**
   * Text and finished images, then the span of an image being made, at two times.
   *
   * @param before the prefix of the span; may be empty
   * @param tokens of the image being made, without its time token
   */
  record FlowHeadCase(int batch, List<Segment> before, int tokens) implements StageCase {

    /** Text is causal and has no time; a finished image is full and has one. */
    record Segment(int length, boolean image) {}

    @Override
    public void run(StageRun run) {
      if (run.compares(Stage.FLOW_HEAD)) {
        try (KvCache cache = run.backend().flowHead().newCache(CacheRequest.of(batch))) {
          before.forEach(segment -> append(run, cache, segment));
          velocity(run, cache, "velocity");
          velocity(run, cache, "velocity at another time");
        }
      }
    }

    private void append(StageRun run, KvCache cache, Segment segment) {
      FlowHead flowHead = run.backend().flowHead();
      try (Tensor hidden = hidden(run, segment.length());
          Tensor time = time(run)) {
        flowHead.append(
            segment.image()
                ? FlowHeadRequest.of(cache, hidden, Attention.FULL, Optional.of(time))
                : FlowHeadRequest.text(cache, hidden));
      }
    }

    private void velocity(StageRun run, KvCache cache, String name) {
      try (Tensor hidden = hidden(run, 1 + tokens);
          Tensor time = time(run)) {
        run.keep(
            name, run.backend().flowHead().velocity(FlowHeadRequest.span(cache, hidden, time)));
      }
    }

    private Tensor hidden(StageRun run, int length) {
      return run.noise(batch, length, run.sizes().backbone().hiddenSize());
    }

    private Tensor time(StageRun run) {
      return run.noise(batch, run.sizes().flowHead().hiddenSize());
    }
  }

  /**
   * Images to latents and latents to images.
   *
   * @param height in latents
   * @param width in latents
   */
  record VaeImageCase(int batch, int height, int width) implements StageCase {

    @Override
    public void run(StageRun run) {
      long rows = (long) height * VAE_SPATIAL_FACTOR;
      long columns = (long) width * VAE_SPATIAL_FACTOR;
      if (run.compares(Stage.VAE_IMAGE_ENCODER)) {
        try (Tensor pixels = run.pixels(batch, 3, 1, rows, columns);
            LatentDistribution latents = run.backend().vaeEncoder().encodeImage(pixels)) {
          run.keep("mean", latents.mean());
          run.keep("log-variance", latents.logVariance());
        }
      }
      if (run.compares(Stage.VAE_IMAGE_DECODER)) {
        int channels = run.sizes().vae().latentChannels();
        try (Tensor latents = run.noise(batch, channels, 1, height, width)) {
          run.keep("pixels", run.backend().vaeDecoder().decodeImage(latents));
        }
      }
    }
  }

  /**
   * Videos to latents and latents to videos, chunk by chunk.
   *
   * @param frames latent frames
   * @param height in latents
   * @param width in latents
   */
  record VaeVideoCase(int batch, int frames, int height, int width) implements StageCase {

    @Override
    public void run(StageRun run) {
      if (run.compares(Stage.VAE_VIDEO_ENCODER)) {
        encode(run);
      }
      if (run.compares(Stage.VAE_VIDEO_DECODER)) {
        decode(run);
      }
    }

    private void encode(StageRun run) {
      long rows = (long) height * VAE_SPATIAL_FACTOR;
      long columns = (long) width * VAE_SPATIAL_FACTOR;
      try (VaeEncoderStream stream =
          run.backend().vaeEncoder().openStream(VaeStreamRequest.unspecified())) {
        for (int frame = 0; frame < frames; frame++) {
          int chunk = frame == 0 ? 1 : VAE_TEMPORAL_FACTOR;
          try (Tensor pixels = run.pixels(batch, 3, chunk, rows, columns);
              LatentDistribution latents = stream.encode(pixels)) {
            run.keep("mean of frame " + frame, latents.mean());
            run.keep("log-variance of frame " + frame, latents.logVariance());
          }
        }
      }
    }

    private void decode(StageRun run) {
      int channels = run.sizes().vae().latentChannels();
      try (VaeDecoderStream stream =
          run.backend().vaeDecoder().openStream(VaeStreamRequest.unspecified())) {
        for (int frame = 0; frame < frames; frame++) {
          try (Tensor latents = run.noise(batch, channels, 1, height, width)) {
            run.keep("pixels of latent frame " + frame, stream.decode(latents));
          }
        }
      }
    }
  }
}
