package dev.showo2.samples.cli;

import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.Preview;
import java.util.Optional;

/** Shows the steps of images, and ends them when the user does not want to wait for them. */
final class StepProgressListener implements GenerationListener, AutoCloseable {

  private final CliContext context;
  private final Optional<PreviewFile> preview;
  private final boolean several;
  private Progress progress;
  private int imageIndex;

  private StepProgressListener(CliContext context, Optional<PreviewFile> preview, boolean several) {
    this.context = context;
    this.preview = preview;
    this.several = several;
  }

  static StepProgressListener one(CliContext context, Optional<PreviewFile> preview) {
    return new StepProgressListener(context, preview, false);
  }

  /** Of images that are told apart by their numbers. */
  static StepProgressListener several(CliContext context, Optional<PreviewFile> preview) {
    return new StepProgressListener(context, preview, true);
  }

  @Override
  public void step(DenoisingStep step) {
    Interruption.check();
    if (progress != null && step.imageIndex() != imageIndex) {
      close();
    }
    if (progress == null) {
      imageIndex = step.imageIndex();
      String task = several ? "drawing " + (imageIndex + 1) : "drawing";
      progress = Progress.start(context, task, Progress.Unit.STEPS, step.total());
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
