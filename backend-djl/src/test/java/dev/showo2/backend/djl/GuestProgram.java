package dev.showo2.backend.djl;

import dev.showo2.ShowO2;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageUnderstandingRequest;
import dev.showo2.pipeline.TextToImageRequest;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Properties;
import java.util.TreeSet;

/** Opens a model on PyTorch, draws and asks; tells what it left in the process. */
public final class GuestProgram {

  private GuestProgram() {}

  /**
   * Prints the answer, and what has changed.
   *
   * @param arguments a bundle
   */
  public static void main(String[] arguments) {
    ConnectionGuard.install();
    Properties before = (Properties) System.getProperties().clone();
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    try (ShowO2 model = ShowO2.builder(Path.of(arguments[0])).backend("djl").open()) {
      BufferedImage image =
          model
              .textToImage()
              .generate(TextToImageRequest.builder("a circle").seed(1).steps(3).build())
              .image();
      model
          .imageUnderstanding()
          .ask(
              ImageUnderstandingRequest.builder(image, "What is it?").maxTokens(3).build(),
              GenerationListener.NONE);
    }
    System.out.println(
        "class loader " + (loader == Thread.currentThread().getContextClassLoader()));
    System.out.println("properties " + changed(before));
    System.out.println("connections " + ConnectionGuard.tried());
  }

  /** {@return the system properties that have another value or are new; not those of the JDK} */
  static TreeSet<String> changed(Properties before) {
    TreeSet<String> changed = new TreeSet<>();
    System.getProperties().entrySet().forEach(entry -> changed.add(entry.toString()));
    before.entrySet().forEach(entry -> changed.remove(entry.toString()));
    // Set by its time zones and images.
    changed.removeIf(entry -> entry.matches("(sun\\.font\\.|user\\.timezone=).*"));
    return changed;
  }
}
