package dev.showo2.backend.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Capabilities;
import dev.showo2.spi.support.AbstractBackend;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.Closer;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** All stages of one bundle on PyTorch. */
final class DjlBackend extends AbstractBackend {

  /**
   * Hidden size from which several threads pay. Below it they mostly wait for each other, which on
   * a machine that has other work takes many times as long.
   */
  private static final int WIDE = 512;

  private final DjlContext context;
  private final Closer owned;
  private final DjlEmbeddings.OfText textEmbedding;
  private final DjlEmbeddings.OfTime timeEmbedding;
  private final DjlFusion fusion;
  private final DjlBackbone backbone;
  private final DjlEmbeddings.Head languageHead;
  private final DjlFlowHead flowHead;
  private final VaeEncoder vaeEncoder;
  private final VaeDecoder vaeDecoder;

  /**
   * @param owned closed with this backend
   */
  private DjlBackend(
      DjlContext context, DjlWeights weights, Capabilities capabilities, Closer owned) {
    super(context.lifetime(), capabilities);
    this.context = context;
    this.owned = owned;
    textEmbedding = DjlEmbeddings.OfText.of(context, weights);
    timeEmbedding = DjlEmbeddings.OfTime.of(context, weights);
    fusion = new DjlFusion(context, weights);
    backbone = new DjlBackbone(context, weights);
    languageHead = DjlEmbeddings.Head.of(context, weights);
    flowHead = new DjlFlowHead(context, weights);
    vaeEncoder = new DjlVae.Encoder(context, weights);
    vaeDecoder = new DjlVae.Decoder(context, weights);
  }

  /**
   * Another model than the bundle's, for training and for tests that put in faults.
   *
   * @param weights change what is loaded
   * @param layers how linear layers compute, if not as the options say
   */
  record Variation(
      Architecture architecture,
      DjlWeights.Edit weights,
      DjlFormulas formulas,
      Optional<LinearLayers> layers) {

    Variation(Architecture architecture, DjlWeights.Edit weights, DjlFormulas formulas) {
      this(architecture, weights, formulas, Optional.empty());
    }
  }

  static DjlBackend open(Bundle bundle, DjlOptions options) {
    return open(
        bundle,
        new Variation(bundle.architecture(), (key, weight) -> weight, DjlFormulas.SPEC),
        options);
  }

  static DjlBackend open(Bundle bundle, Variation variation, DjlOptions options) {
    Engine engine = DjlEngine.get();
    BackendLifetime lifetime = new BackendLifetime(DjlBackendProvider.ID, options.shutdownGrace());
    try (Closer closer = new Closer()) {
      closer.add(() -> lifetime.close(() -> {}));
      Closer owned = closer.add(new Closer());
      DjlCalls calls =
          new DjlCalls(
              lifetime, threads(variation.architecture().backbone().hiddenSize(), options));
      DjlBackend backend =
          calls.run(
              "opening " + bundle, () -> open(bundle, variation, options, calls, engine, owned));
      closer.keepAll();
      return backend;
    }
  }

  /**
   * @param hiddenSize of the widest layers
   */
  static int threads(int hiddenSize, DjlOptions options) {
    if (options.threads().isEmpty() && hiddenSize < WIDE) {
      return 1;
    }
    return options.limit().orElseGet(DjlEngine::threads);
  }

  private static DjlBackend open(
      Bundle bundle,
      Variation variation,
      DjlOptions options,
      DjlCalls calls,
      Engine engine,
      Closer owned) {
    ai.djl.Device device = DjlDevices.resolve(options.device(), DjlDevices.Machine.of(engine));
    NDManager manager = owned.add(engine.newBaseManager(device));
    TorchFunctions.compile();
    OmniAttention.compile();
    DjlContext context =
        new DjlContext(calls, variation.architecture(), manager, variation.formulas());
    LinearLayers layers =
        variation
            .layers()
            .orElseGet(() -> options.bf16() ? owned.add(new Bf16Products()) : LinearLayers.FP32);
    try (DjlWeights weights = DjlWeights.open(bundle, manager, variation.weights(), layers)) {
      return new DjlBackend(
          context,
          weights,
          Capabilities.builder()
              .stages(EnumSet.allOf(Stage.class))
              .devices(List.of(options.device()))
              .precisions(bundle.manifest().precision().byStage().values())
              .build(),
          owned);
    }
  }

  @Override
  public DjlEmbeddings.OfText textEmbedding() {
    return textEmbedding;
  }

  @Override
  public DjlEmbeddings.OfTime timeEmbedding() {
    return timeEmbedding;
  }

  @Override
  public DjlFusion fusion() {
    return fusion;
  }

  @Override
  public DjlBackbone backbone() {
    return backbone;
  }

  @Override
  public DjlEmbeddings.Head languageHead() {
    return languageHead;
  }

  @Override
  public DjlFlowHead flowHead() {
    return flowHead;
  }

  @Override
  public VaeEncoder vaeEncoder() {
    return vaeEncoder;
  }

  @Override
  public VaeDecoder vaeDecoder() {
    return vaeDecoder;
  }

  @Override
  protected Tensor copyOf(FloatBuffer values, Shape shape) {
    return context.call(
        "upload",
        () -> {
          long size = Math.multiplyExact(shape.elementCount(), (long) Float.BYTES);
          if (size > Integer.MAX_VALUE) {
            throw new InsufficientMemoryException(
                "a tensor of " + (size >> 20) + " MiB is more than a Java buffer holds");
          }
          ByteBuffer bytes = ByteBuffer.allocateDirect((int) size).order(ByteOrder.nativeOrder());
          int count = (int) shape.elementCount();
          bytes.asFloatBuffer().put(values.duplicate().limit(values.position() + count));
          ai.djl.ndarray.types.Shape sizes = new ai.djl.ndarray.types.Shape(shape.toArray());
          try (NDArray borrowed = context.manager().create(bytes, sizes, DataType.FLOAT32)) {
            return new DjlTensor(context.calls(), borrowed.duplicate());
          }
        });
  }

  DjlContext context() {
    return context;
  }

  /** Arrays in memory, those of weights included; for tests. */
  int arrays() {
    return context.manager().getManagedArrays().size();
  }

  @Override
  protected void release() {
    owned.close();
  }
}
