package dev.showo2.export.internal.calibration;

import java.util.Optional;

/**
 * Time modulation of the tokens of a span (SPEC 6); preceding tokens stay unchanged.
 *
 * @param values [parts · H, 1] of shift, scale, gate, …; none where nothing is modulated
 * @param first token of the span
 */
record AdaptiveNorms(Optional<Activations> values, int first) {

  static final AdaptiveNorms NONE = new AdaptiveNorms(Optional.empty(), 0);

  /** y · (1 + scale) + shift in place, where the two are numbers of parts. */
  Activations modulate(Activations y, int shift, int scale) {
    forEach(
        y,
        (channel, parts, stream, t) -> {
          float factor = 1 + parts[scale * y.channels() + channel][stream];
          y.values()[channel][t] =
              y.values()[channel][t] * factor + parts[shift * y.channels() + channel][stream];
        });
    return y;
  }

  /** y · gate in place. */
  Activations gate(Activations y, int gate) {
    forEach(
        y,
        (channel, parts, stream, t) ->
            y.values()[channel][t] *= parts[gate * y.channels() + channel][stream]);
    return y;
  }

  private interface Change {
    void at(int channel, float[][] parts, int stream, int t);
  }

  private void forEach(Activations y, Change change) {
    if (values.isEmpty()) {
      return;
    }
    float[][] parts = values.get().values();
    for (int channel = 0; channel < y.channels(); channel++) {
      for (int stream = 0; stream < y.streams(); stream++) {
        int start = stream * y.tokens();
        for (int t = start + first; t < start + y.tokens(); t++) {
          change.at(channel, parts, stream, t);
        }
      }
    }
  }
}
