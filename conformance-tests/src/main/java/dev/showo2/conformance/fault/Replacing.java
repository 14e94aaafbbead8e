package dev.showo2.conformance.fault;

import dev.showo2.spi.Backend;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;

/** Other values instead of those that a backend gave. */
final class Replacing {

  private Replacing() {}

  /** Closes the tensor and gives another of the same backend. */
  static Tensor values(Backend backend, Tensor tensor, UnaryOperator<HostTensor> change) {
    try (tensor) {
      return backend.upload(change.apply(tensor.toHost()));
    }
  }

  /** Both tensors of a distribution; the old ones are closed. */
  static LatentDistribution values(
      Backend backend,
      LatentDistribution latents,
      UnaryOperator<HostTensor> mean,
      UnaryOperator<HostTensor> logVariance) {
    try (latents) {
      Tensor newMean = backend.upload(mean.apply(latents.mean().toHost()));
      try {
        return new LatentDistribution(
            newMean, backend.upload(logVariance.apply(latents.logVariance().toHost())));
      } catch (RuntimeException | Error e) {
        newMean.close();
        throw e;
      }
    }
  }

  static HostTensor each(HostTensor tensor, DoubleUnaryOperator change) {
    float[] values = tensor.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) change.applyAsDouble(values[i]);
    }
    return new HostTensor(tensor.shape(), values);
  }

  /** (x − mean) / deviation of the channel, for latents [B, C, T, h, w]. */
  static HostTensor normalized(HostTensor latents, List<Float> means, List<Float> deviations) {
    int channels = means.size();
    int inner = latents.values().length / Math.toIntExact(latents.shape().dimension(0)) / channels;
    float[] values = latents.values().clone();
    for (int i = 0; i < values.length; i++) {
      int channel = i / inner % channels;
      values[i] = (values[i] - means.get(channel)) / deviations.get(channel);
    }
    return new HostTensor(latents.shape(), values);
  }

  /** [B, …] with the values of the first row in every row. */
  static HostTensor firstRowForAll(HostTensor tensor) {
    float[] values = tensor.values().clone();
    int row = values.length / Math.toIntExact(tensor.shape().dimension(0));
    for (int start = row; start < values.length; start += row) {
      System.arraycopy(values, 0, values, start, row);
    }
    return new HostTensor(tensor.shape(), values);
  }
}
