package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.internal.ImagePreprocessor;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.awt.image.BufferedImage;
import java.util.Set;

/** Images to the pixels that the VAE takes: center crop and letterbox. */
final class PreprocessRunner implements CaseRunner {

  private static final int LARGEST = 1 << 14;

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("preprocess");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return Rule.P02;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of();
  }

  @Override
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    BufferedImage image = ImageDecoder.read(golden.file("image"));
    JsonFields settings = golden.settings();
    HostTensor pixels;
    if (settings.has("resolution")) {
      int side = settings.integer("resolution", 1, LARGEST);
      pixels = ImagePreprocessor.centerCrop(image, side, side);
    } else {
      pixels =
          ImagePreprocessor.letterbox(
              image, settings.integer("height", 1, LARGEST), settings.integer("width", 1, LARGEST));
    }
    checks.preprocessed("pixels", pixels, golden.floats("pixels"));
  }
}
