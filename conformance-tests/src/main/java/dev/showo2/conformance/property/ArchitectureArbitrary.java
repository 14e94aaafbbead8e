package dev.showo2.conformance.property;

import static net.jqwik.api.Combinators.combine;

import dev.showo2.model.Architecture;
import dev.showo2.model.Architecture.Decoder;
import dev.showo2.model.Architecture.FlowHead;
import dev.showo2.model.Architecture.RopeScaling;
import dev.showo2.model.Architecture.Semantic;
import dev.showo2.model.Architecture.Vae;
import dev.showo2.stage.TokenGrid;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;

/**
 * Small models of all sizes that an {@link Architecture} may have: widths that are no multiple of
 * anything, every way to group heads, flow heads as wide as the backbone and not, positions as they
 * are and interpolated. Shrinks to one layer and one head of each part.
 *
 * <p>None is so narrow that norms divide by next to nothing: a norm of one channel is only its
 * sign, and rounding alone would show.
 */
final class ArchitectureArbitrary {

  private static final int MAX_LAYERS = 3;
  private static final int MIN_WIDTH = 8;
  private static final int MAX_WIDTH = 40;
  private static final int MIN_HEAD_SIZE = 4;
  private static final int MAX_HEAD_SIZE = 16;
  private static final int MAX_FEED_FORWARD = 48;

  /** A hint for jqwik, its usual one. */
  private static final int GENERATED_TOGETHER = 1000;

  private final int vocabularySize;

  /**
   * @param vocabularySize of the tokenizer that all models have
   */
  ArchitectureArbitrary(int vocabularySize) {
    this.vocabularySize = vocabularySize;
  }

  /**
   * Models that are chosen at random from a few: making one up takes longer than using it.
   *
   * @param seed from which the few follow, whoever chooses
   */
  Arbitrary<Architecture> few(int count, long seed) {
    RandomGenerator<Architecture> generator = all().generator(GENERATED_TOGETHER);
    Random random = new Random(seed);
    List<Shrinkable<Architecture>> models =
        Stream.generate(() -> generator.next(random)).limit(count).toList();
    return Arbitraries.fromGenerator(choice -> models.get(choice.nextInt(models.size())));
  }

  Arbitrary<Architecture> all() {
    return combine(
            backbones(),
            semantics(),
            flowHeads(),
            Arbitraries.of(true, false),
            VaeArbitrary.all(),
            Arbitraries.of(2, 1, 3),
            grids(),
            Arbitraries.of(false, true))
        .as(ArchitectureArbitrary::architecture);
  }

  private static Architecture architecture(
      Decoder backbone,
      Semantic semantic,
      FlowHead flowHead,
      boolean projects,
      Architecture.Vae vae,
      int patchSize,
      TokenGrid grid,
      boolean interpolates) {
    return new Architecture(
        backbone,
        interpolates ? semantic : withPositions(semantic, grid.tokens()),
        projects ? flowHead : withWidth(flowHead, backbone.hiddenSize()),
        vae,
        patchSize,
        grid,
        grid,
        new TokenGrid(2, 2));
  }

  private Arbitrary<Decoder> backbones() {
    return combine(
            between(1, 3),
            between(1, 3),
            headSizes(),
            between(MIN_WIDTH, MAX_WIDTH),
            between(1, MAX_LAYERS),
            between(1, MAX_FEED_FORWARD),
            thetas(),
            Arbitraries.of(true, false))
        .as(
            (groups, headsPerGroup, headSize, width, layers, feedForward, theta, tied) ->
                new Decoder(
                    // The size of a head may not exceed the width.
                    Math.max(width, headSize),
                    layers,
                    groups * headsPerGroup,
                    groups,
                    headSize,
                    feedForward,
                    vocabularySize,
                    1e-6,
                    theta,
                    tied));
  }

  /** Position tables are squares, so that they can be interpolated. */
  private static Arbitrary<Semantic> semantics() {
    return combine(
            between(1, 3),
            between(MIN_WIDTH, MAX_HEAD_SIZE),
            between(1, MAX_LAYERS),
            between(1, MAX_FEED_FORWARD),
            between(1, 5))
        .as(
            (heads, headSize, layers, feedForward, side) ->
                new Semantic(heads * headSize, layers, heads, feedForward, 1e-6, side * side));
  }

  private static Arbitrary<FlowHead> flowHeads() {
    return combine(
            between(1, 3),
            between(1, 3),
            headSizes(),
            between(MIN_WIDTH, MAX_WIDTH),
            between(1, MAX_LAYERS),
            between(1, MAX_FEED_FORWARD),
            thetas(),
            scalings())
        .as(
            (groups, headsPerGroup, headSize, width, layers, feedForward, theta, scaling) ->
                new FlowHead(
                    width,
                    layers,
                    groups * headsPerGroup,
                    groups,
                    headSize,
                    feedForward,
                    1e-5,
                    theta,
                    scaling));
  }

  /** Some of them short enough for short sequences to feel it. */
  private static Arbitrary<RopeScaling> scalings() {
    return combine(Arbitraries.of(32.0, 8.0), Arbitraries.of(8192, 64))
        .as((factor, originalLength) -> new RopeScaling(factor, 1, 4, originalLength));
  }

  private static Semantic withPositions(Semantic sizes, int positions) {
    return new Semantic(
        sizes.hiddenSize(),
        sizes.layers(),
        sizes.heads(),
        sizes.feedForwardSize(),
        sizes.normEpsilon(),
        positions);
  }

  private static FlowHead withWidth(FlowHead sizes, int width) {
    return new FlowHead(
        width,
        sizes.layers(),
        sizes.heads(),
        sizes.keyValueHeads(),
        sizes.headSize(),
        sizes.feedForwardSize(),
        sizes.normEpsilon(),
        sizes.ropeTheta(),
        sizes.ropeScaling());
  }

  /** Frames of any sides, most of them no squares. */
  static Arbitrary<TokenGrid> grids() {
    return combine(between(1, 5), between(1, 5)).as(TokenGrid::new);
  }

  private static Arbitrary<Integer> headSizes() {
    return between(MIN_HEAD_SIZE / 2, MAX_HEAD_SIZE / 2).map(half -> 2 * half);
  }

  private static Arbitrary<Double> thetas() {
    return Arbitraries.of(1e6, 5e5, 1e4);
  }

  private static Arbitrary<Integer> between(int min, int max) {
    return Arbitraries.integers().between(min, max);
  }

  /** Small VAEs: any widths of the levels, frame rates halved at any two of them. */
  private static final class VaeArbitrary {

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
                  List.of(false, true, true),
                  List.of(true, false, true),
                  List.of(true, true, false)))
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
}
