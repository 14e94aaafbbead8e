package dev.showo2.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.showo2.error.BackendException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
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
import java.util.Arrays;

/** All stages of one bundle on ONNX Runtime. */
final class OnnxBackend implements Backend {

  private final Architecture architecture;
  private final OnnxSessions sessions;
  private final OnnxValues values;
  private final Lifetime lifetime;
  private final AttentionMemory attentionMemory = AttentionMemory.ofThisMachine();
  private final CachedTransformer backbone;
  private final CachedTransformer flowHead;

  private OnnxBackend(
      Architecture architecture, OnnxSessions sessions, OnnxValues values, Lifetime lifetime) {
    this.architecture = architecture;
    this.sessions = sessions;
    this.values = values;
    this.lifetime = lifetime;
    Architecture.Decoder decoder = architecture.backbone();
    Architecture.FlowHead head = architecture.flowHead();
    backbone =
        transformer(Stage.BACKBONE, decoder.layers(), decoder.keyValueHeads(), decoder.headSize());
    flowHead = transformer(Stage.FLOW_HEAD, head.layers(), head.keyValueHeads(), head.headSize());
  }

  static OnnxBackend open(Bundle bundle, OnnxOptions options) {
    OrtEnvironment environment;
    try {
      environment = OnnxEnvironment.get();
    } catch (OrtException | LinkageError e) {
      throw new BackendException("ONNX Runtime cannot start: " + e, e);
    }
    Lifetime lifetime = new Lifetime();
    OnnxSessions sessions = OnnxSessions.open(environment, bundle, options, lifetime);
    return new OnnxBackend(
        bundle.architecture(), sessions, new OnnxValues(environment, lifetime), lifetime);
  }

  static UnsupportedFeatureException missing(Stage stage) {
    return new UnsupportedFeatureException(
        "the backend 'onnx' has no stage "
            + stage.id()
            + " for this bundle; export the checkpoint with a version of model-export that writes"
            + " its graph");
  }

  private CachedTransformer transformer(Stage stage, int layers, int keyValueHeads, int headSize) {
    return sessions.has(stage)
        ? new CachedTransformer(
            sessions.graph(stage), values, lifetime, layers, keyValueHeads, headSize)
        : null;
  }

  private StageRunner runner(Stage stage) {
    return new StageRunner(sessions.graph(stage), values, lifetime);
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.of(sessions.stages());
  }

  @Override
  public TextEmbedding textEmbedding() {
    return new OnnxTextEmbedding(
        runner(Stage.TEXT_EMBEDDING), architecture.backbone().vocabularySize());
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    return new OnnxTimeEmbedding(runner(Stage.TIME_EMBEDDING));
  }

  @Override
  public Fusion fusion() {
    require(Stage.FUSION);
    return new OnnxFusion(sessions, values, lifetime, architecture);
  }

  @Override
  public Backbone backbone() {
    return new OnnxBackbone(
        present(backbone, Stage.BACKBONE), lifetime, architecture.backbone().hiddenSize());
  }

  @Override
  public LanguageHead languageHead() {
    return new OnnxLanguageHead(runner(Stage.LANGUAGE_HEAD), architecture.backbone().hiddenSize());
  }

  @Override
  public FlowHead flowHead() {
    return new OnnxFlowHead(
        present(flowHead, Stage.FLOW_HEAD),
        lifetime,
        architecture.backbone().hiddenSize(),
        architecture.flowHead().hiddenSize());
  }

  @Override
  public VaeEncoder vaeEncoder() {
    require(Stage.VAE_IMAGE_ENCODER, Stage.VAE_VIDEO_ENCODER);
    return new OnnxVaeEncoder(sessions, values, lifetime, attentionMemory);
  }

  @Override
  public VaeDecoder vaeDecoder() {
    require(Stage.VAE_IMAGE_DECODER, Stage.VAE_VIDEO_DECODER);
    return new OnnxVaeDecoder(
        sessions, values, lifetime, attentionMemory, architecture.vae().latentChannels());
  }

  /** Any of several will do. */
  private void require(Stage... stages) {
    if (Arrays.stream(stages).noneMatch(sessions::has)) {
      throw missing(stages[0]);
    }
  }

  private static CachedTransformer present(CachedTransformer transformer, Stage stage) {
    if (transformer == null) {
      throw missing(stage);
    }
    return transformer;
  }

  @Override
  public Tensor upload(FloatBuffer source, Shape shape) {
    if (shape.elementCount() == 0) {
      throw new IllegalArgumentException("a shape with values is needed, found " + shape);
    }
    if (source.remaining() < shape.elementCount()) {
      throw new IllegalArgumentException(
          shape
              + " needs "
              + shape.elementCount()
              + " values, the buffer has "
              + source.remaining());
    }
    return lifetime.whileOpen(() -> new OnnxValueTensor(values.floats(source, shape), lifetime));
  }

  /** Native values that somebody still has to free; for tests. */
  long openValues() {
    return lifetime.openValues();
  }

  @Override
  public void close() {
    lifetime.close(sessions::close);
  }
}
