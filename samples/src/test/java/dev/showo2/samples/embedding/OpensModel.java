package dev.showo2.samples.embedding;

import dev.showo2.ShowO2;
import dev.showo2.media.video.VideoReader;
import dev.showo2.media.video.VideoWriter;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;

/** A program that works on a thread of the common pool, as many services do. */
public final class OpensModel {

  private OpensModel() {}

  /**
   * Prints what {@link #work} returns.
   *
   * @param args a bundle, a video to write, and a backend if it is not the default
   */
  public static void main(String[] args) {
    if (args.length > 2) {
      System.setProperty("showo2.backend", args[2]);
    }
    System.out.println(work(Path.of(args[0]), Path.of(args[1])));
  }

  /** Asks a model, and writes and reads a video. */
  public static String work(Path bundle, Path video) {
    return CompletableFuture.supplyAsync(() -> workHere(bundle, video)).join();
  }

  private static String workHere(Path bundle, Path video) {
    BufferedImage frame = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    VideoWriter.write(Collections.nCopies(3, frame), 8, video);
    try (ShowO2 model = ShowO2.open(bundle)) {
      return model.backendId()
          + " "
          + model.chat().ask("hello").finish()
          + " "
          + VideoReader.sample(video, 3).size();
    }
  }
}
