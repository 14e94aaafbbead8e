package dev.showo2.backend.djl;

import dev.showo2.export.synthetic.SyntheticCheckpoint;
import dev.showo2.export.synthetic.SyntheticModels;
import dev.showo2.export.synthetic.SyntheticRequest;
import dev.showo2.train.TrainingListener;
import dev.showo2.train.TrainingStep;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;

/** The files of runs on a randomly initialized model, and what such a run tells. */
final class TinyRun {

  static final int IMAGES = 6;

  private TinyRun() {}

  /** Makes a checkpoint, {@code model}, and {@code images} of colored squares with captions. */
  static void makeFiles(Path folder) throws IOException {
    SyntheticCheckpoint.write(
        folder.resolve("model"),
        SyntheticRequest.of(SyntheticModels.architecture("tiny").orElseThrow(), 3));
    Random random = new Random(11);
    for (int i = 0; i < IMAGES; i++) {
      BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
      int[] colors = random.ints(16, 0, 1 << 24).toArray();
      for (int pixel = 0; pixel < 64 * 64; pixel++) {
        int x = pixel % 64;
        int y = pixel / 64;
        image.setRGB(x, y, colors[y / 16 * 4 + x / 16]);
      }
      Path file = folder.resolve("images/" + (i % 2 == 0 ? "even/" : "") + i + ".png");
      Files.createDirectories(file.getParent());
      ImageIO.write(image, "png", file.toFile());
      Files.writeString(file.resolveSibling(i + ".txt"), "squares " + i);
    }
  }

  /** Keeps the steps, and throws behind one of them, as a process that is killed. */
  static final class Recorder implements TrainingListener {

    private final List<TrainingStep> steps = new ArrayList<>();
    private final int last;

    /** Of a run that is not killed. */
    Recorder() {
      this(Integer.MAX_VALUE);
    }

    Recorder(int last) {
      this.last = last;
    }

    List<TrainingStep> steps() {
      return steps;
    }

    List<Map<String, Double>> losses() {
      return steps.stream().map(TrainingStep::losses).toList();
    }

    @Override
    public void step(TrainingStep step) {
      steps.add(step);
      if (step.number() == last) {
        throw new IllegalStateException("killed");
      }
    }
  }
}
