package dev.showo2.conformance.internal.reference;

import dev.showo2.spi.support.AbstractVaeStream;
import dev.showo2.spi.support.HostBackedTensor;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * A video that one of the two networks processes, with remembered frames for each of its samples.
 */
abstract class ReferenceVaeStream extends AbstractVaeStream<HostBackedTensor> {

  private final VaeLayer network;
  private final DoubleUnaryOperator remembering;
  private List<RememberedFrames> samples = List.of();

  ReferenceVaeStream(ReferenceContext context, Stage stage, VaeLayer network) {
    super(context.arguments(), stage);
    this.network = network;
    this.remembering = context.formulas()::kept;
  }

  /**
   * A single image: a video of one frame.
   *
   * @param images [B, C, 1, h, w]
   */
  static HostTensor image(VaeLayer network, HostTensor images) {
    List<List<Frame>> results = new ArrayList<>();
    for (List<Frame> image : Frame.samples(images)) {
      results.add(network.apply(image, new RememberedFrames(DoubleUnaryOperator.identity())));
    }
    return Frame.toTensor(results);
  }

  /** The network's output for the next chunk. */
  final HostTensor next(Tensor chunk) {
    return next(chunk, checked -> run(checked.values()));
  }

  private HostTensor run(HostTensor chunk) {
    List<List<Frame>> clips = Frame.samples(chunk);
    List<RememberedFrames> next = new ArrayList<>();
    List<List<Frame>> results = new ArrayList<>();
    for (int sample = 0; sample < clips.size(); sample++) {
      RememberedFrames frames =
          isAtStart() ? new RememberedFrames(remembering) : samples.get(sample).copy();
      results.add(network.apply(clips.get(sample), frames));
      frames.endOfChunk();
      next.add(frames);
    }
    HostTensor result = Frame.toTensor(results);
    samples = List.copyOf(next);
    return result;
  }

  @Override
  protected void release() {
    samples = List.of();
  }
}
