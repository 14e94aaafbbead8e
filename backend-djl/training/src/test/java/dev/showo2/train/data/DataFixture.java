package dev.showo2.train.data;

import dev.showo2.model.Architecture;
import dev.showo2.stage.TokenGrid;
import dev.showo2.testing.ArchitectureBuilder;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Examples whose images are of one gray each. */
final class DataFixture {

  /** Images of 32x32 pixels, 2x2 tokens. */
  static final Architecture SIZES =
      new ArchitectureBuilder()
          .grids(new TokenGrid(2, 2), new TokenGrid(2, 2), new TokenGrid(2, 2))
          .build();

  private DataFixture() {}

  static BufferedImage image(int gray) {
    BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, 0x010101 * gray);
      }
    }
    return image;
  }

  /** Latents of such an image. */
  static float latent(int gray) {
    return (gray / 255f - 0.5f) / 0.5f;
  }

  static List<Example> captioned(int count) {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      examples.add(new Example.Captioned("image " + i, ExampleMedia.of(image(i))));
    }
    return examples;
  }

  static List<Example> dialogs(int count) {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean visual = i % 2 == 0;
      examples.add(
          new Example.Dialog(
              List.of(
                  new Example.Turn(true, (visual ? "<image>\n" : "") + "which " + i),
                  new Example.Turn(false, "number " + i)),
              visual ? Optional.of(ExampleMedia.of(image(100 + i))) : Optional.empty()));
    }
    return examples;
  }

  static List<Example> stories(int count, int images) {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> captions = new ArrayList<>();
      List<ExampleMedia> pictures = new ArrayList<>();
      for (int k = 0; k < images; k++) {
        captions.add("s" + i + " " + k);
        pictures.add(ExampleMedia.of(image(10 * i + k)));
      }
      examples.add(new Example.Illustrated(captions, pictures));
    }
    return examples;
  }

  static RowLoader.Builder loader(List<Example> examples, RowKind kind) {
    return RowLoader.builder(ExampleSource.of(examples, kind.name()), kind).length(60);
  }
}
