package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;

/** Gated feed-forward networks of many rows, a part of the rows after the other. */
final class SwiGlu {

  /**
   * The most bytes of a wide value. The C library takes larger ones from the system each time, page
   * by page, which costs as much as an operator.
   */
  private static final long WIDE_BYTES = 30L << 20;

  private SwiGlu() {}

  /**
   * @param expression the network in TorchScript, of {@code x}, {@code gate}, {@code up} and {@code
   *     down}
   * @param gate [inner, width]
   * @param up [inner, width]
   * @param down [width, inner]
   */
  static ScriptTerm of(String expression, NDArray gate, NDArray up, NDArray down) {
    long rowBytes = gate.getShape().get(0) * Float.BYTES;
    return (script, x) -> {
      String network =
          expression
              .replaceAll("\\bgate\\b", script.weight(gate))
              .replaceAll("\\bup\\b", script.weight(up))
              .replaceAll("\\bdown\\b", script.weight(down));
      String parts = script.let("1 + torch.size(%s, 0) * %s // %s", x, rowBytes, WIDE_BYTES);
      String all = script.variable();
      String result = script.variable();
      script.add(
          """
          if %1$s == 1:
            %2$s = %4$s
          else:
            %3$s = annotate(List[Tensor], [])
            for part in torch.chunk(%6$s, %1$s):
              _0 = torch.append(%3$s, %5$s)
            %2$s = torch.cat(%3$s)
          """,
          parts,
          result,
          all,
          network.replaceAll("\\bx\\b", x),
          network.replaceAll("\\bx\\b", "part"),
          x);
      return result;
    };
  }
}
