package dev.showo2.conformance.skeleton;

import dev.showo2.model.Architecture;
import dev.showo2.spi.Capabilities;
import dev.showo2.spi.support.AbstractBackend;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.Closer;
import dev.showo2.spi.support.StageArguments;
import dev.showo2.spi.support.StageArguments.BackboneArguments;
import dev.showo2.spi.support.StageArguments.FlowHeadArguments;
import dev.showo2.spi.support.StageArguments.FusionArguments;
import dev.showo2.spi.support.StageArguments.LanguageHeadArguments;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.EnumSet;

/** All stages, on an engine that computes nothing of use. */
final class SkeletonBackend extends AbstractBackend {

  private final Architecture architecture;
  private final HostEngine engine;
  private final StageArguments<SkeletonTensor, SkeletonCache> arguments;
  private final SkeletonVae vae;

  SkeletonBackend(Architecture architecture, HostEngine engine) {
    super(new BackendLifetime(SkeletonProvider.ID), Capabilities.of(EnumSet.allOf(Stage.class)));
    this.architecture = architecture;
    this.engine = engine;
    this.arguments =
        new StageArguments<>(architecture, lifetime(), SkeletonTensor.class, SkeletonCache.class);
    this.vae = new SkeletonVae(engine, arguments, architecture.vae().latentChannels());
  }

  private SkeletonTensor tensor(HostEngine.Buffer buffer) {
    return new SkeletonTensor(lifetime(), buffer);
  }

  @Override
  protected Tensor copyOf(FloatBuffer values, Shape shape) {
    return tensor(engine.upload(values, shape));
  }

  @Override
  protected void release() {}

  @Override
  public TextEmbedding textEmbedding() {
    return request -> lifetime().call(() -> embed(request));
  }

  private Tensor embed(TextEmbeddingRequest request) {
    int[] ids = arguments.textEmbedding(request);
    int width = architecture.backbone().hiddenSize();
    return tensor(engine.embed(ids, request.ids().length, width));
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    return request -> lifetime().call(() -> embed(request));
  }

  private TimeFeatures embed(TimeEmbeddingRequest request) {
    int batch = request.times().length;
    int width = architecture.backbone().hiddenSize();
    return new TimeFeatures(
        tensor(engine.timeFeature(request.times(), batch, architecture.flowHead().hiddenSize())),
        tensor(engine.timeFeature(request.times(), batch, 1, width)));
  }

  @Override
  public Fusion fusion() {
    return request -> lifetime().call(() -> fuse(request));
  }

  private Tensor fuse(FusionRequest request) {
    FusionArguments<SkeletonTensor> checked = arguments.fusion(request);
    int width = architecture.backbone().hiddenSize();
    try (Closer closer = new Closer()) {
      HostEngine.Buffer tokens = engine.fuse(checked.latents().buffer(), checked.tokens(), width);
      closer.add(tokens::free);
      if (checked.resized().isPresent()) {
        return tensor(engine.resize(tokens, checked.tokens(), checked.resized().get()));
      }
      closer.keepAll();
      return tensor(tokens);
    }
  }

  @Override
  public LanguageHead languageHead() {
    return request -> lifetime().call(() -> logits(request));
  }

  private Tensor logits(LanguageHeadRequest request) {
    LanguageHeadArguments<SkeletonTensor> checked = arguments.languageHead(request);
    return tensor(
        engine.logits(
            checked.hidden().buffer(),
            checked.firstPosition(),
            architecture.backbone().vocabularySize()));
  }

  private KvCache newCache(Stage stage, CacheRequest request) {
    int width = architecture.backbone().hiddenSize();
    return lifetime()
        .call(() -> SkeletonCache.empty(lifetime(), stage, request.batch(), engine, width));
  }

  @Override
  public Backbone backbone() {
    return new Backbone() {
      @Override
      public KvCache newCache(CacheRequest request) {
        return SkeletonBackend.this.newCache(Stage.BACKBONE, request);
      }

      @Override
      public Tensor append(BackboneRequest request) {
        return lifetime().call(() -> run(arguments.backbone(request), true));
      }

      @Override
      public Tensor evaluate(BackboneRequest request) {
        return lifetime().call(() -> run(arguments.backbone(request), false));
      }
    };
  }

  private Tensor run(BackboneArguments<SkeletonTensor, SkeletonCache> segment, boolean keep) {
    try (Closer closer = new Closer()) {
      HostEngine.Buffer joined =
          engine.join(segment.parts().stream().map(SkeletonTensor::buffer).toList());
      closer.add(joined::free);
      boolean causal = segment.attention() == Attention.CAUSAL;
      HostEngine.Buffer hidden = engine.attend(segment.cache().prefix(), joined, causal, null);
      if (keep) {
        segment.cache().append(joined, segment.length());
      }
      return tensor(hidden);
    }
  }

  @Override
  public FlowHead flowHead() {
    return new FlowHead() {
      @Override
      public KvCache newCache(CacheRequest request) {
        return SkeletonBackend.this.newCache(Stage.FLOW_HEAD, request);
      }

      @Override
      public void append(FlowHeadRequest request) {
        lifetime()
            .run(
                () -> {
                  FlowHeadArguments<SkeletonTensor, SkeletonCache> segment =
                      arguments.append(request);
                  segment.cache().append(segment.hidden().buffer(), segment.length());
                });
      }

      @Override
      public Tensor velocity(FlowHeadRequest request) {
        return lifetime().call(() -> run(arguments.velocity(request)));
      }
    };
  }

  private Tensor run(FlowHeadArguments<SkeletonTensor, SkeletonCache> span) {
    int patch = architecture.patchSize() * architecture.patchSize();
    int width = patch * architecture.vae().latentChannels();
    boolean causal = span.attention() == Attention.CAUSAL;
    HostEngine.Buffer time = span.time().map(SkeletonTensor::buffer).orElse(null);
    try (Closer closer = new Closer()) {
      HostEngine.Buffer hidden =
          engine.attend(span.cache().prefix(), span.hidden().buffer(), causal, time);
      closer.add(hidden::free);
      return tensor(engine.velocity(hidden, width));
    }
  }

  @Override
  public VaeEncoder vaeEncoder() {
    return vae.encoder();
  }

  @Override
  public VaeDecoder vaeDecoder() {
    return vae.decoder();
  }
}
