package dev.showo2.conformance.mistake;

import static dev.showo2.conformance.mistake.Realisation.outside;

import dev.showo2.stage.Stage;
import java.util.EnumSet;
import java.util.List;

/** Rows of a batch that get to know of each other. */
final class BatchMistakes {

  static final List<Mistake> ALL =
      List.of(
          new Mistake(
              "first-row-for-all",
              "every row of a batch has the values of the first",
              "the batch axis: strides of inputs, outputs and caches, and batches taken for 1",
              EnumSet.complementOf(EnumSet.of(Stage.TEXT_EMBEDDING, Stage.TIME_EMBEDDING)),
              outside(FirstRowForAll::new)));

  private BatchMistakes() {}
}
