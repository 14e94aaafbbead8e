package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Shape;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** A template moved and scaled until it covers what is drawn as well as it can. */
record TemplateFit(Template template, double overlap) {

  private static final double FIRST_STEP = 1;
  private static final double LAST_STEP = 0.25;

  private static final List<double[]> DIRECTIONS =
      List.of(
          new double[] {1, 0, 0},
          new double[] {-1, 0, 0},
          new double[] {0, 1, 0},
          new double[] {0, -1, 0},
          new double[] {0, 0, 1},
          new double[] {0, 0, -1});

  /** The shape that fits best. */
  static TemplateFit best(Plane drawn) {
    return Arrays.stream(Shape.values())
        .map(shape -> of(shape, drawn))
        .max(Comparator.comparingDouble(TemplateFit::overlap))
        .orElseThrow();
  }

  /** A pattern search: one step in each direction while that helps, then a shorter step. */
  static TemplateFit of(Shape shape, Plane drawn) {
    double drawnSum = drawn.sum();
    Template start = Template.likeMassOf(shape, drawn);
    TemplateFit fit = new TemplateFit(start, start.overlap(drawn, drawnSum));
    for (double step = FIRST_STEP; step >= LAST_STEP; step /= 2) {
      TemplateFit better = fit.improved(drawn, drawnSum, step);
      while (better.overlap > fit.overlap) {
        fit = better;
        better = fit.improved(drawn, drawnSum, step);
      }
    }
    return fit;
  }

  private TemplateFit improved(Plane drawn, double drawnSum, double step) {
    TemplateFit best = this;
    for (double[] to : DIRECTIONS) {
      Template moved = template.moved(step * to[0], step * to[1], step * to[2]);
      double overlap = moved.overlap(drawn, drawnSum);
      if (overlap > best.overlap) {
        best = new TemplateFit(moved, overlap);
      }
    }
    return best;
  }
}
