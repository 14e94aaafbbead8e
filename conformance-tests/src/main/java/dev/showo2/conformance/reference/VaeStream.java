package dev.showo2.conformance.reference;

import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** A video on its way through one of the two networks, with a past for each sample of the batch. */
final class VaeStream implements AutoCloseable {

  private final VaeLayer network;
  private final DoubleUnaryOperator kept;
  private final Lifetime lifetime;
  private List<Past> pasts = List.of();
  private int height;
  private int width;
  private boolean closed;

  /**
   * @param kept what becomes of a value that is remembered for the next chunk
   */
  VaeStream(VaeLayer network, DoubleUnaryOperator kept, Lifetime lifetime) {
    this.network = network;
    this.kept = kept;
    this.lifetime = lifetime;
    lifetime.handleOpened();
  }

  /**
   * A single image: a video of one frame.
   *
   * @param images [B, C, 1, h, w]
   */
  static HostTensor image(VaeLayer network, HostTensor images) {
    List<List<Frame>> results = new ArrayList<>();
    for (List<Frame> image : Frame.samples(images)) {
      results.add(network.apply(image, new Past(DoubleUnaryOperator.identity())));
    }
    return Frame.toTensor(results);
  }

  /** Whether the next chunk is the first. */
  boolean isAtStart() {
    return pasts.isEmpty();
  }

  /** The next chunk; after a failure the stream is where it was before. */
  HostTensor next(HostTensor chunk) {
    List<List<Frame>> samples = Frame.samples(chunk);
    Frame size = samples.get(0).get(0);
    if (!isAtStart()) {
      requireSame(samples.size(), size);
    }
    List<Past> next = new ArrayList<>();
    List<List<Frame>> results = new ArrayList<>();
    for (int sample = 0; sample < samples.size(); sample++) {
      Past past = isAtStart() ? new Past(kept) : pasts.get(sample).copy();
      results.add(network.apply(samples.get(sample), past));
      past.endOfChunk();
      next.add(past);
    }
    HostTensor result = Frame.toTensor(results);
    pasts = List.copyOf(next);
    height = size.height();
    width = size.width();
    return result;
  }

  private void requireSame(int batch, Frame size) {
    if (batch != pasts.size()) {
      throw new IllegalArgumentException(
          "the stream began with a batch of " + pasts.size() + ", found " + batch);
    }
    if (size.height() != height || size.width() != width) {
      throw new IllegalArgumentException(
          "the stream began with frames of "
              + height
              + "x"
              + width
              + ", found "
              + size.height()
              + "x"
              + size.width());
    }
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the video stream is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      pasts = List.of();
      lifetime.handleClosed();
    }
  }
}
