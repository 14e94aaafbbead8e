package dev.showo2.pipeline;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.showo2.error.CancelledException;
import java.time.Duration;
import java.util.List;

/** Listeners that collect their callbacks, or put an end to the request. */
final class Listeners {

  private Listeners() {}

  static GenerationListener collecting(List<DenoisingStep> steps) {
    return new GenerationListener() {
      @Override
      public void step(DenoisingStep step) {
        steps.add(step);
      }
    };
  }

  /** Throws in the callback of the step of this index. */
  static GenerationListener cancellingAt(int index) {
    return new GenerationListener() {
      @Override
      public void step(DenoisingStep step) {
        if (step.index() == index) {
          throw new CancelledException("enough");
        }
      }
    };
  }

  static GenerationListener previewing(int every, List<Preview> previews) {
    return new GenerationListener() {
      @Override
      public void preview(Preview preview) {
        previews.add(preview);
      }

      @Override
      public int previewEvery() {
        return every;
      }
    };
  }

  /**
   * Writes everything down, such as {@code step 0: 2 of 3} for the second step of the first image.
   */
  static GenerationListener recording(List<String> events, int previewEvery) {
    return new GenerationListener() {
      @Override
      public void started(Task task) {
        events.add("started " + task);
      }

      @Override
      public void step(DenoisingStep step) {
        events.add("step " + step.imageIndex() + ": " + step.index() + " of " + step.total());
      }

      @Override
      public void preview(Preview preview) {
        events.add("preview " + preview.imageIndex() + ": " + preview.step());
      }

      @Override
      public void token(GeneratedToken token) {
        events.add("token " + token.index() + ": " + token.id());
      }

      @Override
      public void image(FinishedImage image) {
        events.add("image " + image.index());
      }

      @Override
      public void finished(Task task, Duration elapsed) {
        assertFalse(elapsed.isNegative(), "elapsed " + elapsed);
        events.add("finished " + task);
      }

      @Override
      public int previewEvery() {
        return previewEvery;
      }
    };
  }
}
