package dev.showo2.backend.djl;

import dev.showo2.ShowO2;
import dev.showo2.pipeline.TextToImageRequest;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/** Draws on two engines in turn, in one process. */
public final class TwoEnginesProgram {

  private static final int STEPS = 4;

  private TwoEnginesProgram() {}

  /**
   * Prints by how much their images differ.
   *
   * @param arguments a bundle, and the ids of the backends in the order of their loading
   */
  public static void main(String[] arguments) {
    ConnectionGuard.install();
    Path bundle = Path.of(arguments[0]);
    try (ShowO2 first = ShowO2.builder(bundle).backend(arguments[1]).open()) {
      BufferedImage image = draw(first, 1);
      try (ShowO2 second = ShowO2.builder(bundle).backend(arguments[2]).open()) {
        System.out.println(first.backendId() + " " + second.backendId());
        System.out.println("differ by " + difference(image, draw(second, 1)));
        System.out.println("differ by " + difference(draw(first, 2), draw(second, 2)));
      }
      System.out.println("alone again: " + difference(image, draw(first, 1)));
    }
    System.out.println("connections " + ConnectionGuard.tried());
  }

  private static BufferedImage draw(ShowO2 model, long seed) {
    return model
        .textToImage()
        .generate(TextToImageRequest.builder("a circle").seed(seed).steps(STEPS).build())
        .image();
  }

  /** {@return the largest difference of two samples} */
  private static int difference(BufferedImage one, BufferedImage two) {
    int largest = 0;
    for (int y = 0; y < one.getHeight(); y++) {
      for (int x = 0; x < one.getWidth(); x++) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
          int a = one.getRGB(x, y) >> shift & 0xFF;
          int b = two.getRGB(x, y) >> shift & 0xFF;
          largest = Math.max(largest, Math.abs(a - b));
        }
      }
    }
    return largest;
  }
}
