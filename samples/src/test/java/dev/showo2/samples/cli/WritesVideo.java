package dev.showo2.samples.cli;

import dev.showo2.media.video.VideoReader;
import dev.showo2.media.video.VideoWriter;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Collections;

/** A program that writes an MP4 and reads it, as the command line does. */
final class WritesVideo {

  private WritesVideo() {}

  public static void main(String[] args) {
    Main.keepNativeFilesInCacheFolder();
    Path file = Path.of(args[0]);
    BufferedImage frame = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    VideoWriter.write(Collections.nCopies(3, frame), 8, file);
    System.out.print(VideoReader.sample(file, 3).size() + " frames\n");
  }
}
