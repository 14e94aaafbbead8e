package dev.showo2.samples.embedding;

import dev.showo2.ShowO2;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.GeneratedText;
import java.nio.file.Path;

/** The SDK in another program, as the README shows it: an image is drawn and asked about. */
public final class FiveLines {

  private FiveLines() {}

  /**
   * @param args the folder of a bundle
   */
  public static void main(String[] args) {
    run(Path.of(args[0]));
  }

  static void run(Path bundle) {
    try (ShowO2 model = ShowO2.open(bundle)) {
      GeneratedImage image = model.textToImage().generate("a red circle");
      image.savePng(Path.of("image.png"));
      GeneratedText answer = model.imageUnderstanding().ask(image.image(), "What is in the image?");
      System.out.println(answer.text());
    }
  }
}
