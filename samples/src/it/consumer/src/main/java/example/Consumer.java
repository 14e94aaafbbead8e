package example;

import dev.showo2.ShowO2;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.TextToImageRequest;
import java.nio.file.Path;

/** Draws an image and asks about it. */
public final class Consumer {

  private static final TextToImageRequest REQUEST =
      TextToImageRequest.builder("a red circle").seed(1).build();

  private Consumer() {}

  /** Takes the bundle and the file to write. */
  public static void main(String[] arguments) {
    try (ShowO2 model = ShowO2.open(Path.of(arguments[0]))) {
      GeneratedImage image = model.textToImage().generate(REQUEST);
      image.savePng(Path.of(arguments[1]));
      String answer = model.imageUnderstanding().ask(image.image(), "What is in the image?").text();
      System.out.println(
          Consumer.class.getModule() + " with " + model.backendId() + ": " + answer);
    }
  }
}
