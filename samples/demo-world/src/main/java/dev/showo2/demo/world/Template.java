package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Shape;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** An ideal shape: its kind, center and radius, in pixels. */
record Template(Shape shape, double x, double y, double radius) {

  private static final double SQUARE_HALF = 0.88;
  private static final double TRIANGLE_BASE = 0.75;
  private static final double CROSS_ARM_HALF = 0.34;

  /** Samples along each side of a pixel for its coverage. */
  private static final int SAMPLES = 4;

  /** The template with the area and the center of mass of what is drawn. */
  static Template likeMassOf(Shape shape, Plane drawn) {
    double radius = Math.sqrt(drawn.sum() / unitArea(shape));
    double drop = shape == Shape.TRIANGLE ? (2 * TRIANGLE_BASE - 1) / 3 : 0;
    return new Template(shape, drawn.centroidX(), drawn.centroidY() - drop * radius, radius);
  }

  Template moved(double dx, double dy, double dRadius) {
    return new Template(shape, x + dx, y + dy, Math.max(1, radius + dRadius));
  }

  /**
   * How well this covers what is drawn: shared part over joint part, 1 for the same thing. Parts of
   * the template outside the image do not count.
   */
  double overlap(Plane drawn, double drawnSum) {
    double shared = 0;
    double own = 0;
    for (int row = first(y); row <= last(y); row++) {
      for (int column = first(x); column <= last(x); column++) {
        double covered = coverage(column, row);
        own += covered;
        shared += Math.min(covered, drawn.at(column, row));
      }
    }
    return shared / (own + drawnSum - shared);
  }

  private int first(double center) {
    return Math.max(0, (int) Math.floor(center - radius));
  }

  private int last(double center) {
    return Math.min(Plane.SIDE - 1, (int) Math.ceil(center + radius));
  }

  private double coverage(int column, int row) {
    int corners = inside(column, row, 2, 1);
    // Most pixels lie wholly inside or outside, and their corners tell.
    if (corners == 0 || corners == 4) {
      return corners / 4.0;
    }
    return inside(column + 0.5 / SAMPLES, row + 0.5 / SAMPLES, SAMPLES, 1.0 / SAMPLES)
        / (double) (SAMPLES * SAMPLES);
  }

  /** The number of points of a square lattice that lie inside. */
  private int inside(double left, double top, int count, double spacing) {
    int inside = 0;
    for (int i = 0; i < count; i++) {
      double dy = (top + i * spacing - y) / radius;
      for (int j = 0; j < count; j++) {
        double dx = (left + j * spacing - x) / radius;
        if (contains(Math.abs(dx), dy)) {
          inside++;
        }
      }
    }
    return inside;
  }

  private boolean contains(double dx, double dy) {
    return switch (shape) {
      case CIRCLE -> dx * dx + dy * dy <= 1;
      case SQUARE -> Math.max(dx, Math.abs(dy)) <= SQUARE_HALF;
      case TRIANGLE -> dy <= TRIANGLE_BASE && dx <= (dy + 1) / (TRIANGLE_BASE + 1);
      case CROSS -> Math.max(dx, Math.abs(dy)) <= 1 && Math.min(dx, Math.abs(dy)) <= CROSS_ARM_HALF;
    };
  }

  private static double unitArea(Shape shape) {
    return switch (shape) {
      case CIRCLE -> Math.PI;
      case SQUARE -> 4 * SQUARE_HALF * SQUARE_HALF;
      case TRIANGLE -> TRIANGLE_BASE + 1;
      case CROSS -> 4 * CROSS_ARM_HALF * (2 - CROSS_ARM_HALF);
    };
  }

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
}
