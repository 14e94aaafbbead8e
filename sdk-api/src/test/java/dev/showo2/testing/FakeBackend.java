package dev.showo2.testing;

import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Stages that compute next to nothing, in the shapes of {@link FakeBundle}: velocities tell the
 * length of what came before, and the language head says what it was told to say.
 */
public final class FakeBackend implements Backend {

  static final int HIDDEN = 8;

  private final CallLog log = new CallLog();
  private final Deque<Integer> answer = new ArrayDeque<>();
  private final EnumSet<Stage> missing = EnumSet.noneOf(Stage.class);
  private final List<int[]> texts = new ArrayList<>();
  private final Map<Integer, Float> alsoLikely = new HashMap<>();
  private Optional<HostTensor> mean = Optional.empty();
  private Optional<FakeVae> vae = Optional.empty();
  private UnaryOperator<HostTensor> decoder = FakeBackend::gray;
  private Consumer<float[]> onPixels = pixels -> {};
  private Runnable onClose = () -> {};
  private boolean closed;

  public CallLog log() {
    return log;
  }

  /** The tokens that the language head makes likeliest, one after the other. */
  public FakeBackend answering(int... ids) {
    for (int id : ids) {
      answer.add(id);
    }
    return this;
  }

  /** A logit that a token has whatever the answer, whose own logits are 1. */
  public FakeBackend alsoLikely(int id, float logit) {
    alsoLikely.put(id, logit);
    return this;
  }

  /** The token ids that were embedded, call by call. */
  public List<int[]> texts() {
    return List.copyOf(texts);
  }

  /** The mean that the image encoder gives instead of zeros. */
  public FakeBackend encodingAs(HostTensor mean) {
    this.mean = Optional.of(mean);
    return this;
  }

  /** A VAE with memory that may run out, instead of one that gives zeros. */
  public FakeBackend with(UnaryOperator<FakeVae> settings) {
    vae = Optional.of(settings.apply(new FakeVae(log)));
    return this;
  }

  /** What the image decoder makes of latents [B, 16, 1, h, w] instead of gray. */
  public FakeBackend decodingBy(UnaryOperator<HostTensor> decoder) {
    this.decoder = decoder;
    return this;
  }

  private static HostTensor gray(HostTensor latents) {
    Shape shape = latents.shape();
    Shape pixels =
        Shape.of(shape.dimension(0), 3, 1, 8 * shape.dimension(3), 8 * shape.dimension(4));
    return new HostTensor(pixels, new float[(int) pixels.elementCount()]);
  }

  /** Sees the pixels [3, H, W] of every image that is encoded. */
  public FakeBackend watchingPixels(Consumer<float[]> watcher) {
    onPixels = watcher;
    return this;
  }

  public FakeBackend without(Stage stage) {
    missing.add(stage);
    return this;
  }

  /** What is done when the backend is closed for the first time. */
  public FakeBackend onClose(Runnable action) {
    onClose = action;
    return this;
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.of(EnumSet.complementOf(missing));
  }

  @Override
  public TextEmbedding textEmbedding() {
    return request -> {
      int length = request.ids()[0].length;
      log.call("text " + length);
      texts.add(request.ids()[0].clone());
      return FakeTensor.filled(log, 0, request.ids().length, length, HIDDEN);
    };
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    return request -> {
      log.call("time " + request.times()[0]);
      int batch = request.times().length;
      return new TimeFeatures(
          FakeTensor.filled(log, 0, batch, 4), FakeTensor.filled(log, 0, batch, 1, HIDDEN));
    };
  }

  @Override
  public Fusion fusion() {
    return request -> {
      Shape latents = FakeTensor.open(log, request.latents()).shape();
      log.call("fusion " + latents + request.grid().map(grid -> " to " + grid).orElse(""));
      long perFrame =
          request
              .grid()
              .map(grid -> (long) grid.tokens())
              .orElse(latents.dimension(3) * latents.dimension(4) / 4);
      long tokens = latents.dimension(2) * perFrame;
      return FakeTensor.filled(log, 0, latents.dimension(0), tokens, HIDDEN);
    };
  }

  @Override
  public Backbone backbone() {
    return new FakeBackbone(log);
  }

  @Override
  public LanguageHead languageHead() {
    return request -> {
      Shape hidden = FakeTensor.open(log, request.hidden()).shape();
      log.call("language " + (request.lastOnly() ? "last of " : "all ") + hidden.dimension(1));
      int positions = request.lastOnly() ? 1 : (int) hidden.dimension(1);
      float[] logits = new float[positions * FakeBundle.VOCABULARY];
      for (int start = 0; start < logits.length; start += FakeBundle.VOCABULARY) {
        for (Map.Entry<Integer, Float> also : alsoLikely.entrySet()) {
          logits[start + also.getKey()] = also.getValue();
        }
        logits[start + answer.remove()] = 1;
      }
      return upload(new HostTensor(Shape.of(1, positions, FakeBundle.VOCABULARY), logits));
    };
  }

  @Override
  public FlowHead flowHead() {
    return new FakeFlowHead(log);
  }

  @Override
  public VaeEncoder vaeEncoder() {
    if (vae.isPresent()) {
      return vae.get().encoder();
    }
    return new VaeEncoder() {
      @Override
      public LatentDistribution encodeImage(Tensor pixels) {
        Shape shape = FakeTensor.open(log, pixels).shape();
        log.call("encode " + shape);
        onPixels.accept(((FakeTensor) pixels).values().values());
        long[] latents = {1, 16, 1, shape.dimension(3) / 8, shape.dimension(4) / 8};
        return new LatentDistribution(
            mean.map(values -> (Tensor) log.opened(new FakeTensor(log, values)))
                .orElseGet(() -> FakeTensor.filled(log, 0, latents)),
            FakeTensor.filled(log, 0, latents));
      }

      @Override
      public VaeEncoderStream openStream(VaeStreamRequest request) {
        throw new UnsupportedOperationException();
      }
    };
  }

  @Override
  public VaeDecoder vaeDecoder() {
    if (vae.isPresent()) {
      return vae.get();
    }
    return new VaeDecoder() {
      @Override
      public Tensor decodeImage(Tensor latents) {
        FakeTensor open = FakeTensor.open(log, latents);
        log.call("decode " + open.shape());
        return log.opened(new FakeTensor(log, decoder.apply(open.values())));
      }

      @Override
      public VaeDecoderStream openStream(VaeStreamRequest request) {
        log.call("stream open");
        return log.opened(new FakeDecoderStream(log));
      }
    };
  }

  @Override
  public Tensor upload(FloatBuffer values, Shape shape) {
    log.call("upload " + shape);
    float[] copy = new float[(int) shape.elementCount()];
    values.get(copy);
    return log.opened(new FakeTensor(log, new HostTensor(shape, copy)));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      onClose.run();
    }
  }

  /** Positions that a segment's parts take together, each of them still open. */
  static long positions(CallLog log, List<Tensor> parts) {
    return parts.stream().mapToLong(part -> FakeTensor.open(log, part).shape().dimension(1)).sum();
  }
}
