package dev.showo2.conformance.internal.golden;

import dev.showo2.stage.Attention;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeCache;

/**
 * A backbone whose hidden state is the sum of the embeddings that a position sees plus a tenth of
 * its index, so that a wrong segment, attention or position shows.
 */
record SummingBackbone(FakeBackend backend, int width) implements Backbone {

  /** A cache of running sums [B, width] over the positions seen. */
  static final class Sums extends FakeCache {

    final double[][] values;

    Sums(FakeBackend backend, Stage stage, int batch, int width) {
      super(backend.log(), stage, batch, 0);
      values = new double[batch][width];
    }
  }

  @Override
  public KvCache newCache(CacheRequest request) {
    return new Sums(backend, Stage.BACKBONE, request.batch(), width);
  }

  @Override
  public Tensor append(BackboneRequest request) {
    return run(request, true);
  }

  @Override
  public Tensor evaluate(BackboneRequest request) {
    return run(request, false);
  }

  private Tensor run(BackboneRequest request, boolean keep) {
    Sums cache = (Sums) request.cache();
    HostTensor input = request.embeddings().get(0).toHost();
    int length = (int) input.shape().dimension(1);
    float[] hidden = new float[input.values().length];
    for (int row = 0; row < cache.batch(); row++) {
      for (int d = 0; d < width; d++) {
        double sum = cache.values[row][d];
        for (int i = 0; i < length; i++) {
          int at = (row * length + i) * width + d;
          sum += input.values()[at];
          hidden[at] = (float) sum;
        }
        for (int i = 0; i < length; i++) {
          int at = (row * length + i) * width + d;
          hidden[at] = request.attention() == Attention.FULL ? (float) sum : hidden[at];
          hidden[at] += 0.1f * (cache.length() + i);
        }
        cache.values[row][d] = keep ? sum : cache.values[row][d];
      }
    }
    cache.advance(keep ? length : 0);
    return backend.tensor(new HostTensor(input.shape(), hidden));
  }

  /** The same, from a mask over the whole sequence: how the reference sees it. */
  static float[] golden(float[] embeddings, int length, int width, int[]... spans) {
    float[] hidden = new float[embeddings.length];
    for (int i = 0; i < length; i++) {
      for (int d = 0; d < width; d++) {
        double sum = 0;
        for (int j = 0; j < length; j++) {
          sum += sees(i, j, spans) ? embeddings[j * width + d] : 0;
        }
        hidden[i * width + d] = (float) sum + 0.1f * i;
      }
    }
    return hidden;
  }

  static boolean sees(int i, int j, int[]... spans) {
    for (int[] span : spans) {
      int end = span[0] + span[1];
      if (i >= span[0] && i < end && j >= span[0] && j < end) {
        return true;
      }
    }
    return j <= i;
  }
}
