package dev.showo2.conformance.property;

import static net.jqwik.api.Combinators.combine;

import dev.showo2.model.Architecture.Vae;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Small VAEs: any widths of the levels, frame rates halved at any two of them. */
final class VaeArbitrary {

  private static final int LEVELS = 4;

  private VaeArbitrary() {}

  static Arbitrary<Vae> all() {
    return combine(
            // The decoder halves the widths of its levels; norms of fewer channels than four see
            // rounding as if it were an error.
            Arbitraries.of(8, 10),
            Arbitraries.of(16, 1, 5),
            Arbitraries.integers().between(1, 2).list().ofSize(LEVELS),
            Arbitraries.integers().between(1, 2),
            Arbitraries.of(
                List.of(false, true, true), List.of(true, false, true), List.of(true, true, false)))
        .as(
            (width, channels, multipliers, blocks, temporal) ->
                new Vae(
                    width,
                    channels,
                    multipliers,
                    blocks,
                    temporal,
                    perChannel(channels, -0.5f),
                    perChannel(channels, 1)));
  }

  /** Another number for each, so that no two channels can be faulty. */
  private static List<Float> perChannel(int channels, float first) {
    return IntStream.range(0, channels).mapToObj(i -> first + i / 8f).toList();
  }
}
