package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import dev.showo2.stage.TokenGrid;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * The constants and functions that SPEC fixes for all checkpoints and no file of theirs says. Tests
 * put in wrong ones, to show that the conformance kit notices.
 *
 * @param semanticActivation within the semantic layers (SPEC 2)
 * @param fusionActivation where the two paths have been joined (SPEC 2)
 * @param projectionActivation of diff_proj (SPEC 6)
 * @param positionResize of the position table, where it was made for another number of tokens
 * @param videoResize of fused tokens for video understanding (SPEC 2)
 * @param firstPosition of a segment, from the length of its prefix (SPEC 4)
 * @param headNormEpsilon of the norms on q and k heads (SPEC 6)
 * @param kept frames that the video VAE keeps for the next chunk (SPEC 1)
 */
record DjlFormulas(
    UnaryOperator<NDArray> semanticActivation,
    UnaryOperator<NDArray> fusionActivation,
    UnaryOperator<NDArray> projectionActivation,
    Resize positionResize,
    Resize videoResize,
    IntUnaryOperator firstPosition,
    double headNormEpsilon,
    UnaryOperator<NDArray> kept) {

  /** As SPEC has them. */
  static final DjlFormulas SPEC =
      new DjlFormulas(
          TorchFunctions::geluTanh,
          DjlFormulas::gelu,
          DjlFormulas::gelu,
          GridInterpolation.BICUBIC,
          GridInterpolation.BILINEAR,
          prefix -> prefix,
          1e-6,
          UnaryOperator.identity());

  /** Tokens on one grid to another. */
  @FunctionalInterface
  interface Resize {

    /**
     * @param tokens [.., rows · columns, width]
     * @return [.., new rows · new columns, width]
     */
    NDArray apply(NDArray tokens, TokenGrid from, TokenGrid to);
  }

  /** With the error function. */
  private static NDArray gelu(NDArray x) {
    return x.getNDArrayInternal().gelu();
  }
}
