package dev.showo2.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Capabilities;
import dev.showo2.spi.support.AbstractBackend;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.Closer;
import dev.showo2.spi.support.DirectBufferPool;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.List;

/** All stages of one bundle on ONNX Runtime. */
final class OnnxBackend extends AbstractBackend {

  private final OnnxContext context;
  private final OnnxStages stages;
  private final VaeMemoryLimit memory;

  /** Null if the stage is absent, as is the flow head. */
  private final Backbone backbone;

  private final FlowHead flowHead;

  private OnnxBackend(OnnxContext context, Capabilities capabilities, VaeMemoryLimit memory) {
    super(context.lifetime(), capabilities);
    this.context = context;
    this.memory = memory;
    this.stages = new OnnxStages(context);
    this.backbone =
        capabilities.supports(Stage.BACKBONE) ? OnnxTransformer.backbone(context) : null;
    this.flowHead =
        capabilities.supports(Stage.FLOW_HEAD) ? OnnxTransformer.flowHead(context) : null;
  }

  static OnnxBackend open(Bundle bundle, OnnxOptions options) {
    return open(bundle, options, new DirectBufferPool());
  }

  /**
   * @param pool holds the buffers of inputs
   */
  static OnnxBackend open(Bundle bundle, OnnxOptions options, DirectBufferPool pool) {
    OrtEnvironment environment = OnnxEnvironment.get();
    BackendLifetime lifetime = new BackendLifetime(OnnxBackendProvider.ID, options.shutdownGrace());
    try (Closer closer = new Closer()) {
      closer.add(() -> lifetime.close(() -> {}));
      OnnxSessions sessions = closer.add(OnnxSessions.open(environment, bundle, options, lifetime));
      Capabilities capabilities =
          Capabilities.builder()
              .stages(sessions.stages())
              .devices(List.of(options.device()))
              .precisions(bundle.manifest().precision().byStage().values())
              .build();
      OnnxBackend backend =
          new OnnxBackend(
              new OnnxContext(
                  lifetime,
                  bundle.architecture(),
                  sessions,
                  new OnnxValues(environment, lifetime, pool)),
              capabilities,
              VaeMemoryLimit.of(options, bundle.architecture().vae()));
      closer.keepAll();
      return backend;
    }
  }

  @Override
  protected UnsupportedFeatureException missing(Stage stage) {
    return missingGraph(stage);
  }

  static UnsupportedFeatureException missingGraph(Stage stage) {
    return new UnsupportedFeatureException(
        "the backend 'onnx' has no stage "
            + stage.id()
            + " for this bundle; export the checkpoint with a version of model-export that writes"
            + " its graph");
  }

  @Override
  public TextEmbedding textEmbedding() {
    require(Stage.TEXT_EMBEDDING);
    return stages::embedText;
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    require(Stage.TIME_EMBEDDING);
    return stages::embedTime;
  }

  @Override
  public Fusion fusion() {
    require(Stage.FUSION);
    return stages::fuse;
  }

  @Override
  public Backbone backbone() {
    require(Stage.BACKBONE);
    return backbone;
  }

  @Override
  public LanguageHead languageHead() {
    require(Stage.LANGUAGE_HEAD);
    return stages::logits;
  }

  @Override
  public FlowHead flowHead() {
    require(Stage.FLOW_HEAD);
    return flowHead;
  }

  @Override
  public VaeEncoder vaeEncoder() {
    require(Stage.VAE_IMAGE_ENCODER, Stage.VAE_VIDEO_ENCODER);
    return new OnnxVae.Encoder(context, memory);
  }

  @Override
  public VaeDecoder vaeDecoder() {
    require(Stage.VAE_IMAGE_DECODER, Stage.VAE_VIDEO_DECODER);
    return new OnnxVae.Decoder(context, memory);
  }

  @Override
  protected Tensor copyOf(FloatBuffer source, Shape shape) {
    return context.tensor(context.values().floats(source, shape));
  }

  /** Native values, tensors, caches and streams that are open; for tests. */
  long openValues() {
    return lifetime().openResources();
  }

  /** What the engine was given and gave; for tests. */
  OnnxGraph.Transfers transfers() {
    return context.sessions().transfers();
  }

  /** Bytes that were copied for the engine; for tests. */
  long copied() {
    return context.values().copied();
  }

  @Override
  protected void release() {
    context.sessions().close();
  }
}
