package dev.showo2.conformance.internal.check.stage;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/** Checks of chapter F, fusion. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FusionChecks {

  private static final String ROWS_HINT =
      "look at how frames fold into the batch and back: all frames of the first row come before"
          + " those of the second, and attention is among the tokens of one frame";

  private static final int FRAME_AXIS = 2;

  /** None has as many tokens as a checkpoint of the kit has positions that are not interpolated. */
  private static final List<TokenGrid> LATENTS =
      List.of(
          new TokenGrid(1, 1),
          new TokenGrid(2, 3),
          new TokenGrid(3, 3),
          new TokenGrid(5, 4),
          new TokenGrid(7, 2));

  private static final List<TokenGrid> TOKENS =
      List.of(
          new TokenGrid(1, 1),
          new TokenGrid(2, 3),
          new TokenGrid(3, 2),
          new TokenGrid(1, 9),
          new TokenGrid(7, 8));

  private FusionChecks() {}

  /** All checks of the chapter. */
  public static List<Check> all() {
    List<Check> checks = new ArrayList<>();
    checks.add(Check.of(Rule.F02, "frame-by-frame", FusionChecks::f02FrameByFrame, Stage.FUSION));
    checks.add(Check.of(Rule.F02, "four-frames", FusionChecks::f02FourFrames, Stage.FUSION));
    for (TokenGrid grid : LATENTS) {
      checks.add(
          Check.of(
              Rule.F03,
              "latents-of-" + grid + " tokens",
              (context, results) -> f03InterpolatedPositions(grid, context, results),
              Stage.FUSION));
    }
    for (TokenGrid grid : TOKENS) {
      checks.add(
          Check.of(
              Rule.F04,
              "to-" + grid,
              (context, results) -> f04Resized(grid, context, results),
              Stage.FUSION,
              Stage.FUSION_RESIZE));
    }
    checks.add(
        Check.of(
            Rule.F04,
            "to-the-same-grid",
            FusionChecks::f04ResizedToSame,
            Stage.FUSION,
            Stage.FUSION_RESIZE));
    checks.add(
        Check.of(
            Rule.F05,
            "three-images",
            (context, results) -> f05Rows(context, results, 3, 1),
            Stage.FUSION));
    checks.add(
        Check.of(
            Rule.F05,
            "two-videos",
            (context, results) -> f05Rows(context, results, 2, 3),
            Stage.FUSION));
    checks.add(
        Check.of(
            Rule.F05,
            "two-videos-resized",
            FusionChecks::f05ResizedRows,
            Stage.FUSION,
            Stage.FUSION_RESIZE));
    checks.add(
        Check.of(
            Rule.F06,
            "latents-times-4",
            (context, results) -> f06Magnitudes(4, context, results),
            Stage.FUSION));
    checks.add(
        Check.of(
            Rule.F06,
            "latents-times-0.01",
            (context, results) -> f06Magnitudes(0.01f, context, results),
            Stage.FUSION));
    return checks;
  }

  private static void f02FrameByFrame(CheckContext context, Checks checks) {
    checks.hint(
        "a video gives other tokens than its frames do one by one; look at what frames share"
            + " (nothing but the weights) and at their order: all tokens of a frame, row by row,"
            + " before those of the next");
    HostTensor video = latents(context, 1, 1, 3);
    List<HostTensor> frames = new ArrayList<>();
    for (int frame = 0; frame < video.shape().dimension(FRAME_AXIS); frame++) {
      frames.add(fuse(context.backend(), HostTensors.slice(video, FRAME_AXIS, frame, 1)));
    }
    checks.compare(
        "tokens", fuse(context.backend(), video), HostTensors.join(frames, 1), Within.PIECES);
  }

  private static void f02FourFrames(CheckContext context, Checks checks) {
    checks.hint(
        "if single images pass, look at the order of frames and at their positions: every frame"
            + " has the same table");
    HostTensor video = latents(context, 2, 1, 4);
    checks.compare(
        "tokens", fuse(context.backend(), video), fuse(context.reference(), video), Within.STAGE);
  }

  private static void f05Rows(CheckContext context, Checks checks, int batch, int frames) {
    checks.hint(ROWS_HINT);
    BatchRows.compare(
        checks, latents(context, 3, batch, frames), latents -> fuse(context.backend(), latents));
  }

  private static void f05ResizedRows(CheckContext context, Checks checks) {
    checks.hint(ROWS_HINT + "; the same holds for the resizing");
    TokenGrid grid = new TokenGrid(3, 2);
    BatchRows.compare(
        checks, latents(context, 4, 2, 3), latents -> fuse(context.backend(), latents, grid));
  }

  private static void f03InterpolatedPositions(
      TokenGrid grid, CheckContext context, Checks checks) {
    HostTensor latents = latents(context, 1, 1, 1, grid);
    if (!context.bundle().architecture().interpolatesPositions()) {
      f03Refused(latents, grid, context, checks);
      return;
    }
    checks.hint(
        "look at the positions: the square table is interpolated to the rows and columns of these"
            + " latents (not of the checkpoint), bicubic with a = -0.75, without aligned corners"
            + " and without antialiasing");
    checks.compare(
        "tokens",
        fuse(context.backend(), latents),
        fuse(context.reference(), latents),
        Within.STAGE);
  }

  /** This checkpoint's table serves its own number of tokens only. */
  private static void f03Refused(
      HostTensor latents, TokenGrid grid, CheckContext context, Checks checks) {
    checks.hint(
        "look at how the position table is added: where it is not interpolated its length must be"
            + " the number of tokens, and neither side may be broadcast or cut to the other");
    String found;
    try {
      found = "tokens " + fuse(context.backend(), latents).shape();
    } catch (ShowO2Exception | IllegalArgumentException e) {
      found = "";
    }
    checks.require(
        grid + " tokens are refused",
        found.isEmpty(),
        "expected an exception, as this checkpoint has positions for "
            + context.bundle().architecture().imageGrid()
            + " tokens only, found "
            + found);
  }

  /** Of two frames, as an image's tokens are never resized. */
  private static void f04Resized(TokenGrid grid, CheckContext context, Checks checks) {
    checks.hint(
        "if tokens that are not resized pass, look at the resizing: of the tokens of each frame"
            + " after the last layer, rows before columns, bilinear, source = (i + 0.5)·old/new -"
            + " 0.5, beyond the edge the edge, without antialiasing");
    HostTensor latents = latents(context, 2, 1, 2);
    checks.compare(
        "tokens",
        fuse(context.backend(), latents, grid),
        fuse(context.reference(), latents, grid),
        Within.STAGE);
  }

  private static void f04ResizedToSame(CheckContext context, Checks checks) {
    checks.hint(
        "look at the resizing, rows before columns: to the grid that tokens have it leaves them as"
            + " they are");
    HostTensor latents = latents(context, 3, 1, 2);
    TokenGrid own = context.bundle().architecture().imageGrid();
    checks.compare(
        "tokens",
        fuse(context.backend(), latents, own),
        fuse(context.backend(), latents),
        Within.PIECES);
  }

  private static void f06Magnitudes(float factor, CheckContext context, Checks checks) {
    checks.hint(
        "look at the activations (tanh GELU in the semantic layers, erf GELU between the last two"
            + " linear layers) and at the epsilon of the norms (1e-6 in all of them); nothing is"
            + " clamped");
    HostTensor latents = Inputs.scaled(latents(context, 1, 2, 1), factor);
    checks.compare(
        "tokens",
        fuse(context.backend(), latents),
        fuse(context.reference(), latents),
        Within.STAGE);
  }

  /** Latents of one token grid: [B, C, T, h, w]. */
  static HostTensor latents(
      CheckContext context, long seed, int batch, int frames, TokenGrid grid) {
    Architecture architecture = context.bundle().architecture();
    int patch = architecture.patchSize();
    int channels = architecture.vae().latentChannels();
    return Inputs.normal(
        seed, batch, channels, frames, grid.rows() * patch, grid.columns() * patch);
  }

  /** Latents of the size that the checkpoint was made for. */
  static HostTensor latents(CheckContext context, long seed, int batch, int frames) {
    return latents(context, seed, batch, frames, context.bundle().architecture().imageGrid());
  }

  static HostTensor fuse(Backend backend, HostTensor latents) {
    return fuse(backend, latents, Optional.empty());
  }

  /** Tokens resized to a grid. */
  static HostTensor fuse(Backend backend, HostTensor latents, TokenGrid grid) {
    return fuse(backend, latents, Optional.of(grid));
  }

  private static HostTensor fuse(Backend backend, HostTensor latents, Optional<TokenGrid> grid) {
    try (Tensor input = backend.upload(latents);
        Tensor tokens = backend.fusion().fuse(FusionRequest.of(input, grid))) {
      return tokens.toHost();
    }
  }
}
