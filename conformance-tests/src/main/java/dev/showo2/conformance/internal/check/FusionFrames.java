package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;

/** Frames of videos and rows of batches are fused each for itself and stay in their order. */
final class FusionFrames {

  private static final String ROWS_HINT =
      "look at how frames fold into the batch and back: all frames of the first row come before"
          + " those of the second, and attention is among the tokens of one frame";

  private static final int FRAME_AXIS = 2;

  private FusionFrames() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.F02, "frame-by-frame", FusionFrames::frameByFrame, Stage.FUSION),
        Check.of(Rule.F02, "four-frames", FusionFrames::fourFrames, Stage.FUSION),
        Check.of(
            Rule.F05, "three-images", (trial, checks) -> rows(trial, checks, 3, 1), Stage.FUSION),
        Check.of(
            Rule.F05, "two-videos", (trial, checks) -> rows(trial, checks, 2, 3), Stage.FUSION),
        Check.of(
            Rule.F05,
            "two-videos-resized",
            FusionFrames::resizedRows,
            Stage.FUSION,
            Stage.FUSION_RESIZE));
  }

  private static void frameByFrame(CheckContext trial, Checks checks) {
    checks.hint(
        "a video gives other tokens than its frames do one by one; look at what frames share"
            + " (nothing but the weights) and at their order: all tokens of a frame, row by row,"
            + " before those of the next");
    HostTensor video = Fusing.latents(trial, 1, 1, 3);
    List<HostTensor> frames = new ArrayList<>();
    for (int frame = 0; frame < video.shape().dimension(FRAME_AXIS); frame++) {
      frames.add(Fusing.fuse(trial.backend(), HostTensors.slice(video, FRAME_AXIS, frame, 1)));
    }
    checks.pieces("tokens", Fusing.fuse(trial.backend(), video), HostTensors.join(frames, 1));
  }

  private static void fourFrames(CheckContext trial, Checks checks) {
    checks.hint(
        "if single images pass, look at the order of frames and at their positions: every frame"
            + " has the same table");
    HostTensor video = Fusing.latents(trial, 2, 1, 4);
    checks.stage(
        "tokens", Fusing.fuse(trial.backend(), video), Fusing.fuse(trial.reference(), video));
  }

  private static void rows(CheckContext trial, Checks checks, int batch, int frames) {
    checks.hint(ROWS_HINT);
    EachRow.compare(
        checks,
        Fusing.latents(trial, 3, batch, frames),
        latents -> Fusing.fuse(trial.backend(), latents));
  }

  private static void resizedRows(CheckContext trial, Checks checks) {
    checks.hint(ROWS_HINT + "; the same holds for the resizing");
    TokenGrid grid = new TokenGrid(3, 2);
    EachRow.compare(
        checks,
        Fusing.latents(trial, 4, 2, 3),
        latents -> Fusing.fuse(trial.backend(), latents, grid));
  }
}
