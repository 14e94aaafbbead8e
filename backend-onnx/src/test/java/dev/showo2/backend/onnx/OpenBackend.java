package dev.showo2.backend.onnx;

import dev.showo2.model.Bundle;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.spi.BackendConfig;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import dev.showo2.text.TextTokenizer;
import java.util.Random;

/** A backend for a test, with its tokenizer; closing it fails if native values are left. */
record OpenBackend(Bundle bundle, OnnxBackend backend, TextTokenizer tokenizer)
    implements AutoCloseable {

  static OpenBackend open(Bundle bundle) {
    return open(bundle, BackendConfig.defaults());
  }

  static OpenBackend open(Bundle bundle, BackendConfig config) {
    return new OpenBackend(
        bundle,
        OnnxBackend.open(bundle, OnnxOptions.of(config)),
        TextTokenizer.load(bundle.tokenizer()));
  }

  LoadedModel model() {
    return new LoadedModel(bundle, OnnxBackendProvider.ID, backend, tokenizer);
  }

  /** Normally distributed values that depend on the seed and the shape only. */
  static HostTensor random(long seed, long... shape) {
    Random random = new Random(seed);
    float[] values = new float[Math.toIntExact(Shape.of(shape).elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new HostTensor(Shape.of(shape), values);
  }

  Tensor uploadRandom(long seed, long... shape) {
    return backend.upload(random(seed, shape));
  }

  long hiddenSize() {
    return bundle.architecture().backbone().hiddenSize();
  }

  @Override
  public void close() {
    long open = backend.openValues();
    try (tokenizer) {
      backend.close();
    }
    if (open != 0) {
      throw new AssertionError(open + " native values were left open");
    }
  }
}
