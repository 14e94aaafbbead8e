package dev.showo2.pipeline.internal;

import dev.showo2.model.Architecture;
import dev.showo2.pipeline.LatentChoice;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.sampler.internal.LatentSampling;
import dev.showo2.sequence.internal.VisualTokens;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A video of a question: each frame is encoded and fused as a single image, so that memory does not
 * grow with their number, and its tokens are resized (SPEC 2, 8).
 *
 * @param model that answers
 * @param frames that the model sees; consecutive repetitions of a frame are encoded once
 * @param choice of the latents
 * @param seed of sampled latents
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record VideoInput(
    LoadedModel model, List<BufferedImage> frames, LatentChoice choice, long seed)
    implements VisualInput {

  @Override
  public VisualTokens layout() {
    Architecture architecture = model.architecture();
    return VisualTokens.video(
        frames.size(),
        architecture.videoUnderstandingGrid().tokens(),
        architecture.imageGrid().tokens());
  }

  @Override
  public List<Tensor> tokens(RequestContext run) {
    HostTensor latents = latents(run);
    List<Tensor> tokens = new ArrayList<>();
    try {
      for (int i = 0; i < frames.size(); i++) {
        run.check();
        tokens.add(fuse(frame(latents, i)));
      }
      return tokens;
    } catch (RuntimeException | Error e) {
      tokens.forEach(Tensor::close);
      throw e;
    }
  }

  /**
   * Encodes the frames; the noise of sampled latents is drawn for all frames at once, as in the
   * released code.
   *
   * @param run context of the request
   * @return latents [F, C, 1, h, w]
   */
  public HostTensor latents(RequestContext run) {
    ImageEncoder encoder = ImageEncoder.of(model, model.architecture().imageGrid());
    List<Distribution> distributions = new ArrayList<>();
    for (int i = 0; i < frames.size(); i++) {
      run.check();
      distributions.add(
          i > 0 && frames.get(i) == frames.get(i - 1)
              ? distributions.get(i - 1)
              : encoder.encodeWhole(
                  frames.get(i),
                  distribution ->
                      new Distribution(
                          distribution.mean().toHost(), distribution.logVariance().toHost())));
    }
    HostTensor means = stack(distributions.stream().map(Distribution::mean).toList());
    return switch (choice) {
      case MEAN -> means;
      case SAMPLE ->
          LatentSampling.sample(
              means,
              stack(distributions.stream().map(Distribution::logVariance).toList()),
              new TorchRandom(seed));
    };
  }

  private record Distribution(HostTensor mean, HostTensor logVariance) {}

  private Tensor fuse(HostTensor latents) {
    Optional<TokenGrid> grid = Optional.of(model.architecture().videoUnderstandingGrid());
    try (Tensor uploaded = model.backend().upload(latents)) {
      return model.backend().fusion().fuse(FusionRequest.of(uploaded, grid));
    }
  }

  /** Joins frames [1, C, 1, h, w] to [F, C, 1, h, w]. */
  private static HostTensor stack(List<HostTensor> frames) {
    int size = frames.get(0).values().length;
    float[] values = new float[Math.multiplyExact(frames.size(), size)];
    for (int i = 0; i < frames.size(); i++) {
      System.arraycopy(frames.get(i).values(), 0, values, i * size, size);
    }
    return new HostTensor(withFrames(frames.get(0).shape(), frames.size()), values);
  }

  private static HostTensor frame(HostTensor latents, int index) {
    int size = latents.values().length / Math.toIntExact(latents.shape().dimension(0));
    float[] values = Arrays.copyOfRange(latents.values(), index * size, (index + 1) * size);
    return new HostTensor(withFrames(latents.shape(), 1), values);
  }

  private static Shape withFrames(Shape shape, int frames) {
    long[] dimensions = shape.toArray();
    dimensions[0] = frames;
    return Shape.of(dimensions);
  }
}
