package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;

/**
 * x / √(mean(x²) + ε) · gain over the last axis.
 *
 * @param gain [width]
 */
record RmsNorm(NDArray gain, double epsilon) implements ScriptTerm {

  @Override
  public String write(ScriptWriter script, String x) {
    // The norm has a shorter way back than the mean of squares.
    String norm = script.let("torch.linalg_vector_norm(%s, 2, [-1], True)", x);
    String factor =
        script.let(
            "torch.rsqrt(torch.add(torch.mul(torch.square(%s), %s), %s))",
            norm, TorchScript.literal(1.0 / gain.getShape().get(0)), TorchScript.literal(epsilon));
    return script.let("torch.mul(torch.mul(%s, %s), %s)", x, factor, script.weight(gain));
  }
}
