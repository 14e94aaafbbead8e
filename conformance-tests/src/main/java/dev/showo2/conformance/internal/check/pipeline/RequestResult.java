package dev.showo2.conformance.internal.check.pipeline;

import dev.showo2.conformance.compare.Values;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * The result of a request.
 *
 * @param latents of images and videos
 * @param numbers token ids, or 8-bit colors of all frames
 */
@SuppressWarnings("ArrayRecordComponent")
@API(status = API.Status.INTERNAL, since = "0.1")
public record RequestResult(Optional<HostTensor> latents, int[] numbers) {

  public static RequestResult of(HostTensor latents, List<BufferedImage> frames) {
    int[] colors =
        frames.stream()
            .flatMapToInt(
                frame ->
                    Arrays.stream(
                        frame.getRGB(
                            0, 0, frame.getWidth(), frame.getHeight(), null, 0, frame.getWidth())))
            .flatMap(rgb -> IntStream.of(rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF))
            .toArray();
    return new RequestResult(Optional.of(latents), colors);
  }

  /** Compares this with the result of the same request undisturbed. */
  public void compare(Checks checks, String name, RequestResult expected) {
    if (latents.isPresent() && expected.latents.isPresent()) {
      checks.compare(name + ", latents", latents.get(), expected.latents.get(), Within.SAME_RUN);
      checks.compare(name + ", pixels", values(), expected.values(), Within.SAME_RUN_PIXELS);
    } else {
      checks.compare(name + ", tokens", numbers, wide(expected.numbers));
    }
  }

  private Values values() {
    return Values.of(Shape.of(numbers.length), wide(numbers));
  }

  private static long[] wide(int[] numbers) {
    return Arrays.stream(numbers).asLongStream().toArray();
  }
}
