package dev.showo2.samples.demo;

import dev.showo2.demo.world.Share;
import dev.showo2.samples.demo.WorldEvaluation.Line;
import dev.showo2.samples.demo.WorldEvaluation.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;

/** The lines of a measurement so far, and its progress. */
final class EvaluationLines {

  private final LongConsumer progress;
  private final List<Line> lines = new ArrayList<>();
  private long done;

  EvaluationLines(LongConsumer progress) {
    this.progress = progress;
  }

  /** Counts an example. */
  void step() {
    progress.accept(++done);
  }

  /** Adds a line unless it is of nothing. */
  void line(Section section, String name, double share, int of) {
    if (of > 0) {
      lines.add(new Line(section, name, Share.of(share, of)));
    }
  }

  static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  List<Line> all() {
    return List.copyOf(lines);
  }
}
