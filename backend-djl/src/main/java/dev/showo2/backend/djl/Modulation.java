package dev.showo2.backend.djl;

/**
 * The effect of times on their tokens, in TorchScript (SPEC 6): [shift, scale, gate, …] =
 * Linear(SiLU(time vector)), cut in parts of H.
 */
final class Modulation {

  private final ScriptWriter script;
  private final String times;
  private final String span;
  private final String parts;

  /**
   * @param parts variable of N · parts, [N, number · H]
   * @param number of parts
   * @param span variable of the number of tokens of each time: the first N · span rows have one
   */
  Modulation(ScriptWriter script, String parts, int number, String span) {
    this.script = script;
    this.times = script.let("torch.size(%s, 0)", parts);
    this.span = span;
    this.parts = script.let("torch.chunk(torch.unsqueeze(%s, 1), %s, 2)", parts, number);
  }

  /**
   * y · (1 + scale) + shift.
   *
   * @param rows variable of y, [tokens, H]
   */
  String shifted(String rows, int shift, int scale) {
    return changed(
        rows,
        "torch.addcmul(%s[%d], %%s, torch.add(%s[%d], 1))".formatted(parts, shift, parts, scale));
  }

  /**
   * y · gate.
   *
   * @param rows variable of y, [tokens, H]
   */
  String gated(String rows, int gate) {
    return changed(rows, "torch.mul(%%s, %s[%d])".formatted(parts, gate));
  }

  /** Rows without a time, which come last, stay. */
  private String changed(String rows, String effect) {
    String result = script.variable();
    String timed = script.variable();
    String others = script.variable();
    String ofTimes = "torch.view(%s, [" + times + ", " + span + ", -1])";
    script.add(
        """
        if %1$s * %2$s == torch.size(%3$s, 0):
          %4$s = torch.flatten(%5$s, 0, 1)
        else:
          %6$s, %7$s, = torch.split(%3$s, [%1$s * %2$s, torch.size(%3$s, 0) - %1$s * %2$s])
          %4$s = torch.cat([torch.flatten(%8$s, 0, 1), %7$s])
        """,
        times,
        span,
        rows,
        result,
        effect.formatted(ofTimes.formatted(rows)),
        timed,
        others,
        effect.formatted(ofTimes.formatted(timed)));
    return result;
  }
}
