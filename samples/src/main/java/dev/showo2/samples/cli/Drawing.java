package dev.showo2.samples.cli;

import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.Preview;
import java.util.Optional;

/** Shows the steps of pictures, and ends them when the user does not want to wait for them. */
final class Drawing implements GenerationListener, AutoCloseable {

  private final Surroundings surroundings;
  private final Optional<PreviewFile> preview;
  private final boolean several;
  private Progress progress;
  private int picture;

  private Drawing(Surroundings surroundings, Optional<PreviewFile> preview, boolean several) {
    this.surroundings = surroundings;
    this.preview = preview;
    this.several = several;
  }

  static Drawing one(Surroundings surroundings, Optional<PreviewFile> preview) {
    return new Drawing(surroundings, preview, false);
  }

  /** Of pictures that are told apart by their numbers. */
  static Drawing several(Surroundings surroundings, Optional<PreviewFile> preview) {
    return new Drawing(surroundings, preview, true);
  }

  @Override
  public void step(DenoisingStep step) {
    Interruption.check();
    if (progress != null && step.picture() != picture) {
      close();
    }
    if (progress == null) {
      picture = step.picture();
      String task = several ? "drawing " + (picture + 1) : "drawing";
      progress = Progress.start(surroundings, task, Progress.Unit.STEPS, step.total());
    }
    progress.to(step.index());
  }

  @Override
  public int previewEvery() {
    return preview.map(PreviewFile::every).orElse(0);
  }

  @Override
  public void preview(Preview shown) {
    preview.ifPresent(file -> file.show(shown));
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
      progress = null;
    }
  }
}
