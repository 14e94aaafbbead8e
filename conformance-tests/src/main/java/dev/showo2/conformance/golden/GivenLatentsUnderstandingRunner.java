package dev.showo2.conformance.golden;

import dev.showo2.conformance.compare.Checks;
import dev.showo2.conformance.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Architecture;
import dev.showo2.pipeline.LoadedModel;
import dev.showo2.pipeline.SegmentRunner;
import dev.showo2.sequence.Segment;
import dev.showo2.spi.Backend;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A question on given latents of one image or of the frames of a video: the sequence, its
 * embeddings, the answer.
 */
final class GivenLatentsUnderstandingRunner implements CaseRunner {

  private static final String FRAME_TOKENS = "frame_tokens";

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("understanding") && golden.announces("prefix_ids");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return golden.announces(FRAME_TOKENS) ? Rule.P07 : Rule.P06;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    Set<Stage> stages =
        EnumSet.of(
            Stage.TEXT_EMBEDDING,
            Stage.TIME_EMBEDDING,
            Stage.FUSION,
            Stage.BACKBONE,
            Stage.LANGUAGE_HEAD);
    if (golden.announces(FRAME_TOKENS)) {
      stages.add(Stage.FUSION_RESIZE);
    }
    return stages;
  }

  @Override
  public void run(GoldenCase golden, Subject subject, Checks checks) {
    HostTensor latents = golden.floats("latents");
    List<Tensor> visuals = new ArrayList<>();
    try {
      if (golden.announces(FRAME_TOKENS)) {
        fuseFrames(golden, subject, latents, visuals, checks);
      } else {
        visuals.add(fuse(subject.backend(), asVideo(latents), Optional.empty()));
      }
      ask(golden, subject, visuals, checks);
    } finally {
      visuals.forEach(Tensor::close);
    }
  }

  /** Frame by frame, as pipelines do it, and all at once, as backends should do it too. */
  private static void fuseFrames(
      GoldenCase golden, Subject subject, HostTensor latents, List<Tensor> visuals, Checks checks) {
    Optional<TokenGrid> grid =
        Optional.of(subject.bundle().architecture().videoUnderstandingGrid());
    for (int frame = 0; frame < latents.shape().dimension(0); frame++) {
      HostTensor single = HostTensors.slice(latents, 0, frame, 1);
      visuals.add(fuse(subject.backend(), asVideo(single), grid));
    }
    HostTensor expected = golden.floats(FRAME_TOKENS);
    HostTensor joined = HostTensors.join(visuals.stream().map(Tensor::toHost).toList(), 1);
    checks.stage(FRAME_TOKENS, joined, expected);
    try (Tensor together = fuse(subject.backend(), asVideo(latents), grid)) {
      checks.stage(FRAME_TOKENS + " at once", together, expected);
    }
  }

  private static void ask(GoldenCase golden, Subject subject, List<Tensor> visuals, Checks checks) {
    LoadedModel model = subject.model();
    Backend backend = subject.backend();
    List<Segment> segments = segments(golden, model, visuals);
    SegmentRunner runner = new SegmentRunner(backend, 1);
    SequenceChecks sequence = new SequenceChecks(golden, segments, checks);
    sequence.ids();
    sequence.span();
    sequence.embeddings(runner, visuals);
    try (KvCache cache = backend.backbone().newCache(1)) {
      Tensor hidden = runner.appendAll(cache, segments, visuals);
      try (Tensor logits = backend.languageHead().logits(LanguageHeadRequest.last(hidden))) {
        HostTensor expected = golden.floats("first_logits");
        checks.stage("first_logits", logits.toHost().reshape(expected.shape().toArray()), expected);
      }
      TextRunner.compareGreedy(golden, model, cache, hidden, checks);
    }
  }

  private static List<Segment> segments(
      GoldenCase golden, LoadedModel model, List<Tensor> visuals) {
    Architecture architecture = model.architecture();
    int[] question = model.tokenizer().encode(golden.settings().string("question"));
    int tokens = Math.toIntExact(visuals.get(0).shape().dimension(1));
    return golden.announces(FRAME_TOKENS)
        ? model
            .layout()
            .videoUnderstanding(visuals.size(), tokens, architecture.imageGrid().tokens(), question)
        : model.layout().imageUnderstanding(tokens, question);
  }

  private static Tensor fuse(Backend backend, HostTensor latents, Optional<TokenGrid> grid) {
    try (Tensor uploaded = backend.upload(latents)) {
      return backend.fusion().fuse(new FusionRequest(uploaded, grid));
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
}
