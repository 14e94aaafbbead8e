package dev.showo2.conformance.internal.golden;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/** A backend in host memory whose stages a test puts in, and that knows what is still open. */
final class FakeBackend implements Backend {

  TextEmbedding textEmbedding;
  TimeEmbedding timeEmbedding;
  Fusion fusion;
  Backbone backbone;
  LanguageHead languageHead;
  FlowHead flowHead;
  VaeEncoder vaeEncoder;
  VaeDecoder vaeDecoder;

  private final Set<Object> open = new HashSet<>();
  private int opened;

  /** Tensors, caches and streams that nobody closed. */
  int stillOpen() {
    return open.size();
  }

  /** How many there have been in all. */
  int opened() {
    return opened;
  }

  <T> T opened(T resource) {
    open.add(resource);
    opened++;
    return resource;
  }

  void closed(Object resource) {
    open.remove(resource);
  }

  Tensor tensor(HostTensor values) {
    return opened(new FakeTensor(values));
  }

  /** A cache that keeps one row of numbers per position. */
  FakeCache cache(int batch, int width) {
    return opened(new FakeCache(batch, width));
  }

  @Override
  public Capabilities capabilities() {
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    add(stages, textEmbedding, Stage.TEXT_EMBEDDING);
    add(stages, timeEmbedding, Stage.TIME_EMBEDDING);
    add(stages, fusion, Stage.FUSION);
    add(stages, backbone, Stage.BACKBONE);
    add(stages, languageHead, Stage.LANGUAGE_HEAD);
    add(stages, flowHead, Stage.FLOW_HEAD);
    add(stages, vaeEncoder, Stage.VAE_IMAGE_ENCODER, Stage.VAE_VIDEO_ENCODER);
    add(stages, vaeDecoder, Stage.VAE_IMAGE_DECODER, Stage.VAE_VIDEO_DECODER);
    return Capabilities.of(stages);
  }

  private static void add(Set<Stage> stages, Object part, Stage... provided) {
    if (part != null) {
      stages.addAll(Set.of(provided));
    }
  }

  private static <T> T present(T part) {
    if (part == null) {
      throw new UnsupportedFeatureException("the fake lacks this stage");
    }
    return part;
  }

  @Override
  public TextEmbedding textEmbedding() {
    return present(textEmbedding);
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    return present(timeEmbedding);
  }

  @Override
  public Fusion fusion() {
    return present(fusion);
  }

  @Override
  public Backbone backbone() {
    return present(backbone);
  }

  @Override
  public LanguageHead languageHead() {
    return present(languageHead);
  }

  @Override
  public FlowHead flowHead() {
    return present(flowHead);
  }

  @Override
  public VaeEncoder vaeEncoder() {
    return present(vaeEncoder);
  }

  @Override
  public VaeDecoder vaeDecoder() {
    return present(vaeDecoder);
  }

  @Override
  public Tensor upload(FloatBuffer values, Shape shape) {
    float[] copy = new float[(int) shape.elementCount()];
    values.get(copy);
    return tensor(new HostTensor(shape, copy));
  }

  @Override
  public void close() {}

  /** Running sums [B, width] over the positions seen: enough to tell who saw whom. */
  final class FakeCache implements KvCache {
    private final int batch;
    final double[][] sums;
    int length;

    private FakeCache(int batch, int width) {
      this.batch = batch;
      sums = new double[batch][width];
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public int batch() {
      return batch;
    }

    @Override
    public KvCache fork() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void truncate(int newLength) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      closed(this);
    }
  }

  private final class FakeTensor implements Tensor {
    private final HostTensor values;

    private FakeTensor(HostTensor values) {
      this.values = values;
    }

    @Override
    public Shape shape() {
      return values.shape();
    }

    @Override
    public ElementType elementType() {
      return ElementType.FLOAT32;
    }

    @Override
    public void read(FloatBuffer destination) {
      if (!open.contains(this)) {
        throw new IllegalStateException("the tensor is closed");
      }
      destination.put(values.values());
    }

    @Override
    public void close() {
      closed(this);
    }
  }
}
