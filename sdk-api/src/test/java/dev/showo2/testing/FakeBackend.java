package dev.showo2.testing;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.spi.support.ForwardingBackend;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The backend of tests without an engine. Its stages compute next to nothing, in the shapes of an
 * architecture, and note each call: velocities tell the length of what precedes, the language head
 * says what it was told to say, and all else is zero. A test puts in stages of its own, replaces or
 * changes results, or takes stages away.
 */
public final class FakeBackend implements Backend {

  private final Architecture sizes;
  private final int width;
  private final CallLog log = new CallLog();
  private final FakeResults results = new FakeResults(log);
  private final Set<Stage> offered = EnumSet.allOf(Stage.class);
  private final List<int[]> texts = Collections.synchronizedList(new ArrayList<>());
  private final FakeLanguageHead speaker;
  private final PlainVae plainVae;

  private TextEmbedding textEmbedding = request -> embed(request.ids());
  private TimeEmbedding timeEmbedding = request -> embed(request.times());
  private Fusion fusion = new FakeFusion();
  private Backbone backbone;
  private LanguageHead languageHead;
  private FlowHead flowHead;
  private VaeEncoder vaeEncoder;
  private VaeDecoder vaeDecoder;
  private Runnable onClose = () -> {};
  private boolean closed;

  /** A backend for {@link FakeBundle}. */
  public FakeBackend() {
    this(FakeBundle.architecture(4));
  }

  private FakeBackend(Architecture sizes) {
    this.sizes = sizes;
    width = sizes.backbone().hiddenSize();
    speaker = new FakeLanguageHead(results, sizes.backbone().vocabularySize());
    plainVae = new PlainVae(results, sizes.vae().latentChannels());
    int patch = sizes.patchSize() * sizes.patchSize();
    backbone = new FakeBackbone(results, width);
    languageHead = speaker;
    flowHead = new FakeFlowHead(results, patch * sizes.vae().latentChannels());
    vaeEncoder = plainVae;
    vaeDecoder = plainVae;
  }

  public static FakeBackend of(Architecture sizes) {
    return new FakeBackend(sizes);
  }

  public CallLog log() {
    return log;
  }

  // What there is.

  public FakeBackend without(Stage stage) {
    offered.remove(stage);
    return this;
  }

  /** These stages and no others. */
  public FakeBackend offering(Collection<Stage> stages) {
    offered.retainAll(stages);
    return this;
  }

  public FakeBackend textEmbedding(TextEmbedding stage) {
    textEmbedding = stage;
    return this;
  }

  public FakeBackend timeEmbedding(TimeEmbedding stage) {
    timeEmbedding = stage;
    return this;
  }

  public FakeBackend fusion(Fusion stage) {
    fusion = stage;
    return this;
  }

  public FakeBackend backbone(Backbone stage) {
    backbone = stage;
    return this;
  }

  public FakeBackend languageHead(LanguageHead stage) {
    languageHead = stage;
    return this;
  }

  public FakeBackend flowHead(FlowHead stage) {
    flowHead = stage;
    return this;
  }

  public FakeBackend vaeEncoder(VaeEncoder stage) {
    vaeEncoder = stage;
    return this;
  }

  public FakeBackend vaeDecoder(VaeDecoder stage) {
    vaeDecoder = stage;
    return this;
  }

  /** A VAE with memory that may run out. */
  public FakeBackend with(UnaryOperator<FakeVae> settings) {
    FakeVae vae = settings.apply(new FakeVae(log));
    return vaeEncoder(vae.encoder()).vaeDecoder(vae);
  }

  // What it gives.

  /** The tokens that the language head makes likeliest, one after the other. */
  public FakeBackend answering(int... ids) {
    speaker.answering(ids);
    return this;
  }

  /** Rows of the matrix without a token, which the head makes likelier than any token. */
  public FakeBackend padded(int rows) {
    speaker.padded(rows);
    return this;
  }

  /** A logit that a token has whatever the answer, whose own logits are 1. */
  public FakeBackend alsoLikely(int id, float logit) {
    speaker.alsoLikely(id, logit);
    return this;
  }

  /** The mean that the image encoder gives instead of zeros. */
  public FakeBackend encodingAs(HostTensor mean) {
    plainVae.encodingAs(mean);
    return this;
  }

  /** The pixels that the image decoder makes of latents [B, 16, 1, h, w] instead of gray. */
  public FakeBackend decodingBy(UnaryOperator<HostTensor> decoder) {
    plainVae.decodingBy(decoder);
    return this;
  }

  /** All values of all stages, unless something else is set for them. */
  public FakeBackend filledWith(float value) {
    results.fill(value);
    return this;
  }

  /** The results of a stage whenever results of these shapes are asked of it. */
  public FakeBackend answering(Stage stage, HostTensor... tensors) {
    results.answer(stage, List.of(tensors));
    return this;
  }

  /** A change of the first result of a stage; of one stage at a time. */
  public FakeBackend changing(Stage stage, UnaryOperator<HostTensor> change) {
    results.change(stage, change);
    return this;
  }

  /** A tensor of this backend, for stages that a test puts in. */
  public Tensor tensor(HostTensor values) {
    return log.opened(new FakeTensor(log, values));
  }

  // What is seen of it.

  /** Sees the pixels [3, H, W] of every image that is encoded. */
  public FakeBackend watchingPixels(Consumer<float[]> watcher) {
    plainVae.watchingPixels(watcher);
    return this;
  }

  /** The token ids that were embedded, call by call. */
  public List<int[]> texts() {
    return List.copyOf(texts);
  }

  /** What is done when the backend is closed for the first time. */
  public FakeBackend onClose(Runnable action) {
    onClose = action;
    return this;
  }

  public boolean isClosed() {
    return closed;
  }

  /** This backend for one who closes it; the log notes it as open until then. */
  public Backend opened() {
    return log.opened(
        new ForwardingBackend(this) {
          @Override
          public void close() {
            log.closed(this);
          }
        });
  }

  private Tensor embed(int[][] ids) {
    log.call("text " + ids[0].length);
    texts.add(ids[0].clone());
    return results.first(
        Stage.TEXT_EMBEDDING, HostTensor.zeros(Shape.of(ids.length, ids[0].length, width)));
  }

  private TimeFeatures embed(float[] times) {
    log.call("time " + times[0]);
    Shape vector = Shape.of(times.length, sizes.flowHead().hiddenSize());
    return new TimeFeatures(
        results.first(Stage.TIME_EMBEDDING, HostTensor.zeros(vector)),
        results.second(Stage.TIME_EMBEDDING, HostTensor.zeros(Shape.of(times.length, 1, width))));
  }

  private final class FakeFusion implements Fusion {

    @Override
    public Tensor fuse(FusionRequest request) {
      Shape latents = results.open(request.latents()).shape();
      log.call("fusion " + latents + request.grid().map(grid -> " to " + grid).orElse(""));
      long patch = sizes.patchSize();
      long perFrame =
          request
              .grid()
              .map(grid -> (long) grid.tokens())
              .orElse(latents.dimension(3) / patch * (latents.dimension(4) / patch));
      return results.first(
          request.grid().isPresent() ? Stage.FUSION_RESIZE : Stage.FUSION,
          HostTensor.zeros(Shape.of(latents.dimension(0), latents.dimension(2) * perFrame, width)));
    }
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.of(offered);
  }

  private <T> T having(T part, Stage... stages) {
    if (Collections.disjoint(offered, List.of(stages))) {
      throw new UnsupportedFeatureException("the fake backend has no stage " + stages[0].id());
    }
    return part;
  }

  @Override
  public TextEmbedding textEmbedding() {
    return having(textEmbedding, Stage.TEXT_EMBEDDING);
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    return having(timeEmbedding, Stage.TIME_EMBEDDING);
  }

  @Override
  public Fusion fusion() {
    return having(fusion, Stage.FUSION, Stage.FUSION_RESIZE);
  }

  @Override
  public Backbone backbone() {
    return having(backbone, Stage.BACKBONE);
  }

  @Override
  public LanguageHead languageHead() {
    return having(languageHead, Stage.LANGUAGE_HEAD);
  }

  @Override
  public FlowHead flowHead() {
    return having(flowHead, Stage.FLOW_HEAD);
  }

  @Override
  public VaeEncoder vaeEncoder() {
    return having(vaeEncoder, Stage.VAE_IMAGE_ENCODER, Stage.VAE_VIDEO_ENCODER);
  }

  @Override
  public VaeDecoder vaeDecoder() {
    return having(vaeDecoder, Stage.VAE_IMAGE_DECODER, Stage.VAE_VIDEO_DECODER);
  }

  @Override
  public Tensor upload(FloatBuffer values, Shape shape) {
    log.call("upload " + shape);
    HostTensor copy = HostTensor.zeros(shape);
    values.duplicate().get(copy.values());
    return tensor(copy);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      onClose.run();
    }
  }
}
