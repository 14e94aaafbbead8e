package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.internal.device.EngineCall.Binding;
import dev.showo2.backend.tensorrt.internal.device.EnginePlatform;
import dev.showo2.backend.tensorrt.internal.device.EngineRunner;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Capabilities;
import dev.showo2.spi.Device;
import dev.showo2.spi.support.AbstractBackend;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.Closer;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.DenoiseStep;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All stages of one bundle on one GPU. */
final class TensorRtBackend extends AbstractBackend {

  private static final Set<Stage> DENOISING =
      EnumSet.of(Stage.TIME_EMBEDDING, Stage.FUSION, Stage.BACKBONE, Stage.FLOW_HEAD);

  private final DeviceContext context;
  private final TensorRtStages stages;
  private final Closer owned;

  /** Null if the stage is absent, as is the flow head. */
  private final TensorRtBackbone backbone;

  private final TensorRtFlowHead flowHead;

  /** Null unless all of its stages are there. */
  private final TensorRtDenoiseStep denoiseStep;

  private TensorRtBackend(
      DeviceContext context,
      EmbeddingRows embeddings,
      Capabilities capabilities,
      TensorRtOptions options,
      Closer owned) {
    super(context.lifetime(), capabilities);
    this.context = context;
    this.stages = new TensorRtStages(context, embeddings);
    this.owned = owned;
    Architecture.Decoder decoder = context.architecture().backbone();
    Architecture.FlowHead head = context.architecture().flowHead();
    this.backbone =
        capabilities.supports(Stage.BACKBONE)
            ? new TensorRtBackbone(
                context,
                owned.add(
                    new SegmentCalls(
                        context,
                        Stage.BACKBONE,
                        decoder.layers(),
                        decoder.keyValueHeads(),
                        decoder.headSize(),
                        options.limits())))
            : null;
    this.flowHead =
        capabilities.supports(Stage.FLOW_HEAD)
            ? new TensorRtFlowHead(
                context,
                owned.add(
                    new SegmentCalls(
                        context,
                        Stage.FLOW_HEAD,
                        head.layers(),
                        head.keyValueHeads(),
                        head.headSize(),
                        options.limits())))
            : null;
    this.denoiseStep =
        capabilities.fusedDenoiseStep()
            ? owned.add(
                new TensorRtDenoiseStep(context, stages, backbone, flowHead, options.cudaGraphs()))
            : null;
    if (denoiseStep != null) {
      context.beforeRelease().add(denoiseStep::forget);
    }
  }

  /**
   * @param id of the provider
   */
  static TensorRtBackend open(
      EnginePlatform platform, String id, Bundle bundle, BackendConfig config) {
    TensorRtOptions options = TensorRtOptions.of(config, id, platform.device(), bundle);
    BackendLifetime lifetime = new BackendLifetime(id, options.shutdownGrace());
    try (Closer closer = new Closer()) {
      closer.add(() -> lifetime.close(() -> {}));
      Closer owned = closer.add(new Closer());
      EngineRunner runner = owned.add(platform.open(options.device()));
      DeviceQueue queue = owned.add(new DeviceQueue(runner.openStream(), lifetime));
      StageEngines engines =
          owned.add(
              new StageEngines(
                  bundle,
                  new Profiles(
                      bundle.architecture(),
                      options.limits(),
                      bundle.manifest().defaults().videoLatentFrames()),
                  owned.add(CachedEngines.open(platform, runner, bundle, options, lifetime)),
                  lifetime,
                  queue));
      // Calls in progress need their engines.
      owned.add(queue::synchronize);
      engines.open();
      Optional<EmbeddingRows> embeddings = EmbeddingRows.find(bundle);
      Set<Stage> stages = EnumSet.noneOf(Stage.class);
      stages.addAll(engines.stages());
      if (embeddings.isEmpty()) {
        stages.remove(Stage.TEXT_EMBEDDING);
      }
      TensorRtBackend backend =
          new TensorRtBackend(
              new DeviceContext(lifetime, bundle.architecture(), engines, queue),
              embeddings.orElse(null),
              Capabilities.builder()
                  .stages(stages)
                  .devices(List.of(Device.parse(platform.device().type() + ":" + options.device())))
                  .precisions(bundle.manifest().precision().byStage().values())
                  .largestBatch(options.limits().batch())
                  .longestSequence(options.limits().prefix())
                  .fusedDenoiseStep(stages.containsAll(DENOISING))
                  .build(),
              options,
              owned);
      closer.keepAll();
      return backend;
    }
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
  public DenoiseStep denoiseStep() {
    if (denoiseStep == null) {
      return super.denoiseStep();
    }
    context.lifetime().run(() -> {});
    return denoiseStep;
  }

  @Override
  public VaeEncoder vaeEncoder() {
    require(Stage.VAE_IMAGE_ENCODER, Stage.VAE_VIDEO_ENCODER);
    return new TensorRtVae.Encoder(context);
  }

  @Override
  public VaeDecoder vaeDecoder() {
    require(Stage.VAE_IMAGE_DECODER, Stage.VAE_VIDEO_DECODER);
    return new TensorRtVae.Decoder(context);
  }

  @Override
  protected Tensor copyOf(FloatBuffer values, Shape shape) {
    long bytes = shape.elementCount() * Float.BYTES;
    FloatBuffer source = values.duplicate();
    source.limit(source.position() + Math.toIntExact(shape.elementCount()));
    return context.tensor(
        new Binding(
            context.queue().upload(bytes, target -> target.asFloatBuffer().put(source)), shape));
  }

  /** Tensors, caches and streams that are open; for tests. */
  long openValues() {
    return lifetime().openResources();
  }

  @Override
  protected void release() {
    owned.close();
  }
}
