package dev.showo2.conformance.internal.reference;

import org.apiguardian.api.API;

/**
 * The constants and functions that SPEC fixes for all checkpoints and no file of theirs says. The
 * defaults are right; the kit overrides one of them to compute what a faulty backend would.
 */
@API(status = API.Status.INTERNAL)
public interface Formulas {

  /** As SPEC has them. */
  Formulas SPEC = new Formulas() {};

  /**
   * {@return the activation within the semantic layers (SPEC 2)}
   *
   * @param x the input
   */
  default double semanticActivation(double x) {
    return Ops.geluTanh(x);
  }

  /**
   * {@return the activation where the two paths have been joined (SPEC 2)}
   *
   * @param x the input
   */
  default double fusionActivation(double x) {
    return Ops.gelu(x);
  }

  /**
   * {@return the activation of diff_proj (SPEC 6)}
   *
   * @param x the input
   */
  default double projectionActivation(double x) {
    return Ops.gelu(x);
  }

  /**
   * {@return the resizing of the position table, where it was made for another number of tokens
   * (SPEC 2)}
   */
  default GridResize positionResize() {
    return GridResize.BICUBIC;
  }

  /** {@return the resizing of fused tokens for video understanding (SPEC 2)} */
  default GridResize videoResize() {
    return GridResize.BILINEAR;
  }

  /**
   * {@return the position of a segment's first token, after {@code prefix} others (SPEC 4)}
   *
   * @param prefix number of tokens before the segment
   */
  default int firstPosition(int prefix) {
    return prefix;
  }

  /** {@return the epsilon of the norms on q and k heads (SPEC 6)} */
  default double headNormEpsilon() {
    return 1e-6;
  }

  /**
   * {@return the value that the video VAE keeps of a value for the next chunk (SPEC 1)}
   *
   * @param value the value
   */
  default double kept(double value) {
    return value;
  }
}
