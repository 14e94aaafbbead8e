package dev.showo2.conformance.reference;

/**
 * One head over all positions of a frame, with scale 1/√C (SPEC 1). Takes the scores position by
 * position, so that memory grows with the number of positions and not with its square.
 */
record ImageAttention(Convolution queriesKeysValues, Convolution projection, Workers workers) {

  /** proj(attention(qkv(x))). */
  Frame apply(Frame x) {
    Frame qkv = queriesKeysValues.apply(x);
    Frame mixed = Frame.zeros(x.channels(), x.height(), x.width());
    int positions = x.height() * x.width();
    long work = 2L * positions * positions * x.channels();
    workers.forEachRow(positions, work, position -> attend(qkv, position, mixed));
    return projection.apply(mixed);
  }

  private static void attend(Frame qkv, int position, Frame mixed) {
    int channels = mixed.channels();
    int positions = mixed.height() * mixed.width();
    double[] values = qkv.values();
    double[] weights = new double[positions];
    for (int channel = 0; channel < channels; channel++) {
      double query = values[qkv.start(channel) + position] / Math.sqrt(channels);
      int keys = qkv.start(channels + channel);
      for (int other = 0; other < positions; other++) {
        weights[other] += query * values[keys + other];
      }
    }
    Ops.softmax(weights);
    for (int channel = 0; channel < channels; channel++) {
      int from = qkv.start(2 * channels + channel);
      double sum = 0;
      for (int other = 0; other < positions; other++) {
        sum += weights[other] * values[from + other];
      }
      mixed.values()[mixed.start(channel) + position] = sum;
    }
  }
}
