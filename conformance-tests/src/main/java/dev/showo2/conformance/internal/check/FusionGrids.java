package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;

/** Positions and tokens on grids of other sizes. */
final class FusionGrids {

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

  private FusionGrids() {}

  static List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (TokenGrid grid : LATENTS) {
      checks.add(
          Check.of(
              Rule.F03,
              "latents-of-" + grid + " tokens",
              (trial, results) -> positions(grid, trial, results),
              Stage.FUSION));
    }
    for (TokenGrid grid : TOKENS) {
      checks.add(
          Check.of(
              Rule.F04,
              "to-" + grid,
              (trial, results) -> resize(grid, trial, results),
              Stage.FUSION,
              Stage.FUSION_RESIZE));
    }
    checks.add(
        Check.of(
            Rule.F04,
            "to-the-same-grid",
            FusionGrids::resizeToSame,
            Stage.FUSION,
            Stage.FUSION_RESIZE));
    return checks;
  }

  private static void positions(TokenGrid grid, CheckContext trial, Checks checks) {
    HostTensor latents = Fusing.latents(trial, 1, 1, 1, grid);
    if (!trial.bundle().architecture().interpolatesPositions()) {
      refused(latents, grid, trial, checks);
      return;
    }
    checks.hint(
        "look at the positions: the square table is interpolated to the rows and columns of these"
            + " latents (not of the checkpoint), bicubic with a = -0.75, without aligned corners"
            + " and without antialiasing");
    checks.stage(
        "tokens", Fusing.fuse(trial.backend(), latents), Fusing.fuse(trial.reference(), latents));
  }

  /** This checkpoint's table serves its own number of tokens only. */
  private static void refused(
      HostTensor latents, TokenGrid grid, CheckContext trial, Checks checks) {
    checks.hint(
        "look at how the position table is added: where it is not interpolated its length must be"
            + " the number of tokens, and neither side may be broadcast or cut to the other");
    String found;
    try {
      found = "tokens " + Fusing.fuse(trial.backend(), latents).shape();
    } catch (ShowO2Exception | IllegalArgumentException e) {
      found = "";
    }
    checks.holds(
        grid + " tokens are refused",
        found.isEmpty(),
        "expected an exception, as this checkpoint has positions for "
            + trial.bundle().architecture().imageGrid()
            + " tokens only, found "
            + found);
  }

  /** Of two frames, as an image's tokens are never resized. */
  private static void resize(TokenGrid grid, CheckContext trial, Checks checks) {
    checks.hint(
        "if tokens that are not resized pass, look at the resizing: of the tokens of each frame"
            + " after the last layer, rows before columns, bilinear, source = (i + 0.5)·old/new -"
            + " 0.5, beyond the edge the edge, without antialiasing");
    HostTensor latents = Fusing.latents(trial, 2, 1, 2);
    checks.stage(
        "tokens",
        Fusing.fuse(trial.backend(), latents, grid),
        Fusing.fuse(trial.reference(), latents, grid));
  }

  private static void resizeToSame(CheckContext trial, Checks checks) {
    checks.hint(
        "look at the resizing, rows before columns: to the grid that tokens have it leaves them as"
            + " they are");
    HostTensor latents = Fusing.latents(trial, 3, 1, 2);
    TokenGrid own = trial.bundle().architecture().imageGrid();
    checks.pieces(
        "tokens",
        Fusing.fuse(trial.backend(), latents, own),
        Fusing.fuse(trial.backend(), latents));
  }
}
