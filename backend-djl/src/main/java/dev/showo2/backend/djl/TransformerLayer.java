package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * A layer of backbone or flow head (SPEC 4 and 6): a function up to its attention, and one behind
 * it.
 */
final class TransformerLayer {

  private static final int SHIFT_1 = 0;
  private static final int SCALE_1 = 1;
  private static final int GATE_1 = 2;
  private static final int SHIFT_2 = 3;
  private static final int SCALE_2 = 4;
  private static final int GATE_2 = 5;

  /** Parts of a layer's modulation. */
  static final int MODULATIONS = 6;

  private final int index;
  private final Halves plain;
  private final Halves modulated;

  /**
   * @param headSize of each attention head
   * @param query from rows [N, width], as the other projections
   * @param queryNorm of each query head [.., size], before rotation
   * @param keyNorm of each key head [.., size], before rotation
   * @param modulation from times to the parts of the {@link Modulation}; null for none
   */
  record Parts(
      int headSize,
      ScriptTerm inputNorm,
      ScriptTerm query,
      ScriptTerm key,
      ScriptTerm value,
      ScriptTerm queryNorm,
      ScriptTerm keyNorm,
      ScriptTerm output,
      ScriptTerm feedForwardNorm,
      ScriptTerm feedForward,
      ScriptTerm modulation) {}

  /**
   * The times of the tokens that a layer processes.
   *
   * @param vectors activated time vectors [N, H]
   * @param span number of tokens of each time: the first N · span tokens, counted through all
   *     sequences, have one, and the others none
   */
  record Times(NDArray vectors, long span) {}

  private record Halves(ScriptFunction before, ScriptFunction after) {}

  /**
   * @param index from 0
   */
  TransformerLayer(int index, Parts parts) {
    this.index = index;
    this.plain = new Halves(before(parts, false), after(parts, false));
    this.modulated =
        parts.modulation == null ? null : new Halves(before(parts, true), after(parts, true));
  }

  /** Norm, projections and rotation: queries, keys, values, and the parts of the modulation. */
  private static ScriptFunction before(Parts parts, boolean modulates) {
    ScriptWriter script = new ScriptWriter("x", "cosines", "sines", "times");
    script.takes("span");
    String rows = parts.inputNorm.write(script, script.let("torch.flatten(x, 0, 1)"));
    String modulation = "times";
    if (modulates) {
      modulation = parts.modulation.write(script, "times");
      rows =
          new Modulation(script, modulation, MODULATIONS, "span").shifted(rows, SHIFT_1, SCALE_1);
    }
    String queries = parts.query.then(heads(parts)).then(parts.queryNorm).write(script, rows);
    String keys = parts.key.then(heads(parts)).then(parts.keyNorm).write(script, rows);
    return script.returning(
        DjlRotary.rotated(script, queries, parts.headSize),
        DjlRotary.rotated(script, keys, parts.headSize),
        parts.value.then(heads(parts)).write(script, rows),
        modulation);
  }

  /** From rows to [B, S, heads, size]. */
  private static ScriptTerm heads(Parts parts) {
    return (script, rows) ->
        script.let(
            "torch.view(%s, [torch.size(x, 0), torch.size(x, 1), -1, %s])", rows, parts.headSize);
  }

  /** Projection of what attention gives, and feed-forward network. */
  private static ScriptFunction after(Parts parts, boolean modulates) {
    ScriptWriter script = new ScriptWriter("x", "attended", "modulation");
    script.takes("span");
    Modulation modulation =
        modulates ? new Modulation(script, "modulation", MODULATIONS, "span") : null;
    String attended = parts.output.write(script, script.let("torch.flatten(attended, 0, 1)"));
    if (modulates) {
      attended = modulation.gated(attended, GATE_1);
    }
    String y = script.let("torch.add(torch.flatten(x, 0, 1), %s)", attended);
    String rows = parts.feedForwardNorm.write(script, y);
    if (modulates) {
      rows = modulation.shifted(rows, SHIFT_2, SCALE_2);
    }
    rows = parts.feedForward.write(script, rows);
    if (modulates) {
      rows = modulation.gated(rows, GATE_2);
    }
    return script.returning(script.let("torch.view(torch.add(%s, %s), torch.size(x))", y, rows));
  }

  /**
   * @param x [B, S, W]
   * @param times of the tokens, or null
   * @return [B, S, W]
   */
  NDArray apply(NDArray x, Times times, LayerAttention attention) {
    Halves halves = times == null ? plain : modulated;
    DjlRotary.Rotation rotation = attention.rotation();
    long[] span = {times == null ? 0 : times.span()};
    try (NDManager scope = x.getManager().newSubManager()) {
      NDArray[] projected =
          halves.before.callAll(
              scope,
              span,
              x,
              rotation.cosines(),
              rotation.sines(),
              times == null ? x : times.vectors());
      NDArray attended = attention.attend(index, projected[0], projected[1], projected[2]);
      return halves.after.callAll(x.getManager(), span, x, attended, projected[3])[0];
    }
  }
}
