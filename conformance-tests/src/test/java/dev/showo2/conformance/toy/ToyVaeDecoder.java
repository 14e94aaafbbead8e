package dev.showo2.conformance.toy;

import dev.showo2.model.Architecture;
import dev.showo2.spi.support.AbstractVaeStream;
import dev.showo2.spi.support.HostBackedTensor;
import dev.showo2.spi.support.StageArguments;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The causal decoder of SPEC 1, frame by frame. */
final class ToyVaeDecoder implements VaeDecoder {

  private final Architecture.Vae sizes;
  private final ToyWeights weights;
  private final StageArguments<HostBackedTensor, ToyCache> arguments;

  ToyVaeDecoder(
      Architecture.Vae sizes,
      ToyWeights weights,
      StageArguments<HostBackedTensor, ToyCache> arguments) {
    this.sizes = sizes;
    this.weights = weights;
    this.arguments = arguments;
  }

  @Override
  public Tensor decodeImage(Tensor latents) {
    return arguments
        .lifetime()
        .call(
            () -> {
              HostTensor checked = arguments.imageLatents(latents).values();
              return decode(checked, sample -> new Pass(Map.of(), true));
            });
  }

  @Override
  public VaeDecoderStream openStream(VaeStreamRequest request) {
    return new Stream();
  }

  /** A video: each sample has the frames that its convolutions keep, by the name of the weight. */
  private final class Stream extends AbstractVaeStream<HostBackedTensor>
      implements VaeDecoderStream {

    private List<Map<String, List<Frame>>> remembered = List.of();

    private Stream() {
      super(arguments, Stage.VAE_VIDEO_DECODER);
    }

    @Override
    public Tensor decode(Tensor latents) {
      return next(
          latents,
          chunk -> {
            List<Map<String, List<Frame>>> next = new ArrayList<>();
            Tensor pixels =
                ToyVaeDecoder.this.decode(
                    chunk.values(),
                    sample -> {
                      Pass pass =
                          new Pass(isAtStart() ? Map.of() : remembered.get(sample), isAtStart());
                      next.add(pass.next);
                      return pass;
                    });
            remembered = next;
            return pixels;
          });
    }

    @Override
    protected void release() {
      remembered = List.of();
    }
  }

  private interface Passes {
    Pass of(int sample);
  }

  /** Latents [B, C, 1, h, w] to pixels [B, 3, F, 8h, 8w]. */
  private Tensor decode(HostTensor latents, Passes passes) {
    int batch = (int) latents.shape().dimension(0);
    int height = (int) latents.shape().dimension(3);
    int width = (int) latents.shape().dimension(4);
    List<List<Frame>> samples = new ArrayList<>();
    for (int sample = 0; sample < batch; sample++) {
      Frame latent = Frame.zeros(sizes.latentChannels(), height, width);
      for (int channel = 0; channel < sizes.latentChannels(); channel++) {
        for (int i = 0; i < height * width; i++) {
          int at = (sample * sizes.latentChannels() + channel) * height * width + i;
          latent.channels[channel][i] =
              latents.values()[at] * sizes.latentDeviations().get(channel)
                  + sizes.latentMeans().get(channel);
        }
      }
      samples.add(passes.of(sample).decode(latent));
    }
    int frames = samples.get(0).size();
    int plane = 64 * height * width;
    HostTensor pixels = HostTensor.zeros(Shape.of(batch, 3, frames, 8 * height, 8 * width));
    for (int i = 0; i < pixels.values().length; i++) {
      int frame = i / plane % frames;
      int channel = i / plane / frames % 3;
      Frame pixel = samples.get(i / plane / frames / 3).get(frame);
      pixels.values()[i] = (float) pixel.channels[channel][i % plane];
    }
    return new HostBackedTensor(arguments.lifetime(), pixels);
  }

  /** One frame between two layers: channels of height · width values. */
  private record Frame(int height, int width, double[][] channels) {

    static Frame zeros(int channels, int height, int width) {
      return new Frame(height, width, new double[channels][height * width]);
    }

    Frame plus(Frame other) {
      Frame sum = zeros(channels.length, height, width);
      for (int channel = 0; channel < channels.length; channel++) {
        for (int i = 0; i < height * width; i++) {
          sum.channels[channel][i] = channels[channel][i] + other.channels[channel][i];
        }
      }
      return sum;
    }

    /** Each value four times. */
    Frame doubled() {
      Frame result = zeros(channels.length, 2 * height, 2 * width);
      for (int channel = 0; channel < channels.length; channel++) {
        for (int i = 0; i < 4 * height * width; i++) {
          int at = i / (2 * width) / 2 * width + i % (2 * width) / 2;
          result.channels[channel][i] = channels[channel][at];
        }
      }
      return result;
    }
  }

  /** One chunk of one sample that the layers process. */
  private final class Pass {

    private final Map<String, List<Frame>> remembered;
    private final Map<String, List<Frame>> next = new HashMap<>();
    private final boolean first;

    private Pass(Map<String, List<Frame>> remembered, boolean first) {
      this.remembered = remembered;
      this.first = first;
    }

    private List<Frame> decode(Frame latent) {
      List<Frame> x = convolve("conv2", List.of(latent));
      x = convolve("decoder.conv1", x);
      x = residual("decoder.middle.0", x);
      x = x.stream().map(frame -> frame.plus(attention("decoder.middle.1", frame))).toList();
      x = residual("decoder.middle.2", x);
      int block = 0;
      for (int level = sizes.multipliers().size() - 1; level >= 0; level--) {
        for (int i = 0; i <= sizes.residualBlocks(); i++) {
          x = residual("decoder.upsamples." + block++, x);
        }
        if (level > 0) {
          boolean temporal = sizes.temporalDownsample().get(level - 1);
          x = upsample("decoder.upsamples." + block++, x, temporal);
        }
      }
      return convolve("decoder.head.2", activate("decoder.head.0", x));
    }

    private List<Frame> residual(String key, List<Frame> x) {
      List<Frame> y = convolve(key + ".residual.2", activate(key + ".residual.0", x));
      y = convolve(key + ".residual.6", activate(key + ".residual.3", y));
      String shortcut = key + ".shortcut";
      List<Frame> straight = weights.has(shortcut + ".weight") ? convolve(shortcut, x) : x;
      List<Frame> sum = new ArrayList<>();
      for (int i = 0; i < y.size(); i++) {
        sum.add(straight.get(i).plus(y.get(i)));
      }
      return sum;
    }

    /** SiLU(norm(x)). */
    private List<Frame> activate(String key, List<Frame> x) {
      List<Frame> result = new ArrayList<>();
      for (Frame frame : x) {
        Frame normed = norm(key, frame);
        for (double[] channel : normed.channels) {
          Arrays.setAll(channel, i -> channel[i] / (1 + Math.exp(-channel[i])));
        }
        result.add(normed);
      }
      return result;
    }

    /** x / max(‖x‖ over channels, 1e-12) · √C · gain. */
    private Frame norm(String key, Frame x) {
      float[] gain = weights.values(key + ".gamma");
      Frame result = Frame.zeros(gain.length, x.height, x.width);
      for (int i = 0; i < x.height * x.width; i++) {
        double squares = 0;
        for (double[] channel : x.channels) {
          squares += channel[i] * channel[i];
        }
        double scale = Math.sqrt(gain.length) / Math.max(Math.sqrt(squares), 1e-12);
        for (int channel = 0; channel < gain.length; channel++) {
          result.channels[channel][i] = x.channels[channel][i] * scale * gain[channel];
        }
      }
      return result;
    }

    /** One head over all positions of a frame. */
    private Frame attention(String key, Frame x) {
      Frame qkv = convolve(key + ".to_qkv", List.of(norm(key + ".norm", x))).get(0);
      int width = x.channels.length;
      int positions = x.height * x.width;
      Frame mixed = Frame.zeros(width, x.height, x.width);
      for (int position = 0; position < positions; position++) {
        double[] scores = new double[positions];
        for (int channel = 0; channel < width; channel++) {
          double query = qkv.channels[channel][position] / Math.sqrt(width);
          for (int other = 0; other < positions; other++) {
            scores[other] += query * qkv.channels[width + channel][other];
          }
        }
        softmax(scores);
        for (int channel = 0; channel < width; channel++) {
          for (int other = 0; other < positions; other++) {
            mixed.channels[channel][position] +=
                scores[other] * qkv.channels[2 * width + channel][other];
          }
        }
      }
      return convolve(key + ".proj", List.of(mixed)).get(0);
    }

    /** Twice the frames, except in the first chunk, then twice the size. */
    private List<Frame> upsample(String key, List<Frame> x, boolean temporal) {
      List<Frame> more = x;
      if (temporal && !first) {
        more = new ArrayList<>();
        for (Frame pair : convolve(key + ".time_conv", x)) {
          int half = pair.channels.length / 2;
          for (int from = 0; from < 2 * half; from += half) {
            double[][] channels = Arrays.copyOfRange(pair.channels, from, from + half);
            more.add(new Frame(pair.height, pair.width, channels));
          }
        }
      }
      return convolve(key + ".resample.1", more.stream().map(Frame::doubled).toList());
    }

    /** A convolution over space, and over the frames before where its kernel has a time axis. */
    private List<Frame> convolve(String key, List<Frame> frames) {
      HostTensor kernel = weights.get(key + ".weight");
      int time = kernel.shape().rank() == 5 ? (int) kernel.shape().dimension(2) : 1;
      List<Frame> all = new ArrayList<>(remembered.getOrDefault(key, List.of()));
      Frame size = frames.get(0);
      while (all.size() < time - 1) {
        all.add(0, Frame.zeros(size.channels.length, size.height, size.width));
      }
      all.addAll(frames);
      if (time > 1) {
        next.put(key, List.copyOf(all.subList(all.size() - time + 1, all.size())));
      }
      List<Frame> result = new ArrayList<>();
      for (int t = 0; t < frames.size(); t++) {
        result.add(convolveWindow(kernel, weights.values(key + ".bias"), all.subList(t, t + time)));
      }
      return result;
    }
  }

  private static Frame convolveWindow(HostTensor kernel, float[] bias, List<Frame> window) {
    int height = window.get(0).height;
    int width = window.get(0).width;
    int in = window.get(0).channels.length;
    int side = (int) kernel.shape().dimension(-1);
    Frame result = Frame.zeros(bias.length, height, width);
    for (int out = 0; out < bias.length; out++) {
      Arrays.fill(result.channels[out], bias[out]);
    }
    int columns = in * window.size() * side * side;
    int column = 0;
    for (int channel = 0; channel < in; channel++) {
      for (Frame frame : window) {
        for (int i = 0; i < side * side; i++, column++) {
          double[] seen = shifted(frame, channel, i / side - side / 2, i % side - side / 2);
          for (int out = 0; out < bias.length; out++) {
            addWeighted(kernel.values()[out * columns + column], seen, result.channels[out]);
          }
        }
      }
    }
    return result;
  }

  private static void addWeighted(double weight, double[] values, double[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * values[i];
    }
  }

  /** A channel moved up and to the left; zeros move in. */
  private static double[] shifted(Frame frame, int channel, int up, int left) {
    int width = frame.width;
    double[] shifted = new double[frame.height * width];
    int from = Math.max(0, -left);
    int length = Math.max(0, width - Math.abs(left));
    for (int y = Math.max(0, -up); y < Math.min(frame.height, frame.height - up); y++) {
      int start = (y + up) * width + from + left;
      System.arraycopy(frame.channels[channel], start, shifted, y * width + from, length);
    }
    return shifted;
  }

  /** Scores to weights that add up to 1, in place. */
  static void softmax(double[] scores) {
    double largest = Arrays.stream(scores).max().orElseThrow();
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.exp(scores[i] - largest);
      sum += scores[i];
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] /= sum;
    }
  }
}
