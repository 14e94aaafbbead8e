package dev.showo2.train.data;

import dev.showo2.spi.Backend;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Encodes images and videos one by one, so that the result does not depend on which of a batch are
 * in the cache. Not thread-safe.
 */
final class LatentEncoder {

  private static final float BLACK = -1;
  private static final int CHUNK = 4;

  private final Backend backend;
  private final Optional<TensorCache> cache;
  private final Map<Blank, List<HostTensor>> blanks = new HashMap<>();

  private record Blank(List<Integer> latentShape, boolean framesAlone) {}

  LatentEncoder(Backend backend, Optional<TensorCache> cache) {
    this.backend = backend;
    this.cache = cache;
  }

  /** Mean and log-variance, [1, C, T, h, w]; of an empty slot those of a black image. */
  List<HostTensor> encode(PreparedImage image, RowPreparer preparer) {
    if (image.blank()) {
      return blanks.computeIfAbsent(
          new Blank(preparer.latentShape(), preparer.framesAlone()),
          blank -> encode(preparer.media().blank(BLACK), preparer));
    }
    if (image.encoded().isPresent()) {
      return image.encoded().get();
    }
    List<HostTensor> encoded = encode(image.pixels().orElseThrow(), preparer);
    if (image.key().isPresent()) {
      cache.orElseThrow().put(image.key().get(), encoded);
    }
    return encoded;
  }

  private List<HostTensor> encode(HostTensor pixels, RowPreparer preparer) {
    int frames = (int) pixels.shape().dimension(2);
    if (frames == 1 || !preparer.framesAlone()) {
      return frames == 1 ? encodeImage(pixels) : encodeClip(pixels, frames);
    }
    LatentFramesJoin means = new LatentFramesJoin(frames);
    LatentFramesJoin variances = new LatentFramesJoin(frames);
    for (int i = 0; i < frames; i++) {
      List<HostTensor> encoded = encodeImage(frames(pixels, i, 1));
      means.add(encoded.get(0));
      variances.add(encoded.get(1));
    }
    return List.of(means.joined(), variances.joined());
  }

  private List<HostTensor> encodeImage(HostTensor pixels) {
    try (Tensor uploaded = backend.upload(pixels);
        LatentDistribution latents = backend.vaeEncoder().encodeImage(uploaded)) {
      return List.of(latents.mean().toHost(), latents.logVariance().toHost());
    }
  }

  private List<HostTensor> encodeClip(HostTensor pixels, int frames) {
    int latentFrames = 1 + (frames - 1) / CHUNK;
    VaeStreamRequest hints =
        VaeStreamRequest.builder()
            .batch(1)
            .size((int) pixels.shape().dimension(3), (int) pixels.shape().dimension(4))
            .frames(frames)
            .build();
    LatentFramesJoin means = new LatentFramesJoin(latentFrames);
    LatentFramesJoin variances = new LatentFramesJoin(latentFrames);
    try (VaeEncoderStream stream = backend.vaeEncoder().openStream(hints)) {
      for (int i = 0; i < latentFrames; i++) {
        HostTensor chunk = i == 0 ? frames(pixels, 0, 1) : frames(pixels, CHUNK * i - 3, CHUNK);
        try (Tensor uploaded = backend.upload(chunk);
            LatentDistribution latents = stream.encode(uploaded)) {
          means.add(latents.mean().toHost());
          variances.add(latents.logVariance().toHost());
        }
      }
    }
    return List.of(means.joined(), variances.joined());
  }

  private static HostTensor frames(HostTensor pixels, int from, int count) {
    Shape shape = pixels.shape();
    int frames = (int) shape.dimension(2);
    int plane = (int) (shape.dimension(3) * shape.dimension(4));
    float[] values = new float[3 * count * plane];
    for (int channel = 0; channel < 3; channel++) {
      System.arraycopy(
          pixels.values(),
          (channel * frames + from) * plane,
          values,
          channel * count * plane,
          count * plane);
    }
    return new HostTensor(Shape.of(1, 3, count, shape.dimension(3), shape.dimension(4)), values);
  }

  /** Joins [1, C, 1, h, w] to [1, C, T, h, w]. */
  private static final class LatentFramesJoin {

    private final int count;
    private float[] values;
    private Shape shape;
    private int next;

    LatentFramesJoin(int count) {
      this.count = count;
    }

    void add(HostTensor frame) {
      Shape found = frame.shape();
      int channels = (int) found.dimension(1);
      int plane = frame.values().length / channels;
      if (values == null) {
        shape = Shape.of(1, channels, count, found.dimension(3), found.dimension(4));
        values = new float[count * frame.values().length];
      }
      for (int channel = 0; channel < channels; channel++) {
        System.arraycopy(
            frame.values(), channel * plane, values, (channel * count + next) * plane, plane);
      }
      next++;
    }

    HostTensor joined() {
      return new HostTensor(shape, values);
    }
  }
}
