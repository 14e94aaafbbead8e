package dev.showo2.samples.embedding;

import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.FinishedImage;
import dev.showo2.pipeline.GeneratedToken;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.Task;
import java.time.Duration;

/** Tells on standard output how a request gets on. */
final class ConsoleListener implements GenerationListener {

  @Override
  public void started(Task task) {
    System.out.println(task + " begins");
  }

  @Override
  public void step(DenoisingStep step) {
    System.out.printf(
        "step %d of %d, %d s to go%n", step.index(), step.total(), step.remaining().toSeconds());
  }

  @Override
  public void token(GeneratedToken token) {
    System.out.print(token.text());
    System.out.flush();
  }

  @Override
  public void image(FinishedImage image) {
    System.out.println("image " + (image.index() + 1) + " is done");
  }

  @Override
  public void finished(Task task, Duration elapsed) {
    System.out.println();
    System.out.println(task + " took " + elapsed.toMillis() + " ms");
  }
}
