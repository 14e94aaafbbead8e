package dev.showo2.conformance.check;

import dev.showo2.conformance.compare.HostTensors;
import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** A right backend; tests override the stage that is to be wrong. */
class Altered implements Backend {

  private final Backend right;

  Altered(Backend right) {
    this.right = right;
  }

  /** Other values in place of a tensor, which is closed. */
  final Tensor changed(Tensor tensor, UnaryOperator<HostTensor> change) {
    try (tensor) {
      return upload(change.apply(tensor.toHost()));
    }
  }

  /** The rows of a batch, or another axis, from the last to the first. */
  static HostTensor reversed(HostTensor tensor, int axis) {
    int size = Math.toIntExact(tensor.shape().dimension(axis));
    List<HostTensor> parts =
        IntStream.range(0, size)
            .mapToObj(i -> HostTensors.slice(tensor, axis, size - 1 - i, 1))
            .toList();
    return HostTensors.join(parts, axis);
  }

  static HostTensor clamped(HostTensor tensor, float least, float most) {
    float[] values = tensor.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(least, Math.min(most, values[i]));
    }
    return new HostTensor(tensor.shape(), values);
  }

  @Override
  public Capabilities capabilities() {
    return right.capabilities();
  }

  @Override
  public TextEmbedding textEmbedding() {
    return right.textEmbedding();
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    return right.timeEmbedding();
  }

  @Override
  public Fusion fusion() {
    return right.fusion();
  }

  @Override
  public Backbone backbone() {
    return right.backbone();
  }

  @Override
  public LanguageHead languageHead() {
    return right.languageHead();
  }

  @Override
  public FlowHead flowHead() {
    return right.flowHead();
  }

  @Override
  public VaeEncoder vaeEncoder() {
    return right.vaeEncoder();
  }

  @Override
  public VaeDecoder vaeDecoder() {
    return right.vaeDecoder();
  }

  @Override
  public Tensor upload(FloatBuffer values, Shape shape) {
    return right.upload(values, shape);
  }

  @Override
  public void close() {
    right.close();
  }
}
