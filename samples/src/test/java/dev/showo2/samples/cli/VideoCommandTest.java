package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.video.FrameSource;
import dev.showo2.media.video.VideoReader;
import dev.showo2.model.Bundle;
import dev.showo2.samples.testing.TestCache;
import dev.showo2.samples.testing.Trees;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Videos are made, read back and asked about. */
class VideoCommandTest {

  private static final String PROMPT = "a red circle moving to the right.";

  @TempDir private static Path shared;

  private static Path image;

  @TempDir private Path folder;

  @BeforeAll
  static void draw() {
    image = shared.resolve("red.png");
    Cli.Result result =
        Cli.run("generate", "a red circle", "--out", image, "--seed", 7, "--steps", 10);
    assertEquals(0, result.code(), result.err());
  }

  private static Cli.Result succeeding(Object... args) {
    Cli.Result result = Cli.run(args);
    assertEquals(0, result.code(), result.err());
    return result;
  }

  private static int frames(Path file) {
    int count = 0;
    try (FrameSource source = VideoReader.open(file)) {
      while (source.skip()) {
        count++;
      }
    }
    return count;
  }

  @Test
  void mp4ThatThePromptAskedFor() throws IOException {
    Path file = folder.resolve("clip.mp4");
    Cli.Result made =
        succeeding("video", PROMPT, "--out", file, "--seed", 1, "--steps", 10, "--fps", 4);
    assertTrue(made.err().contains("the demo model knows one moving shape"), made.err());
    assertEquals("Wrote " + file + " (9 frames, seed 1)" + System.lineSeparator(), made.out());
    assertEquals(9, frames(file));
    try (FrameSource source = VideoReader.open(file)) {
      assertEquals(4, source.frameRate(), 0.01);
    }
    assertEquals("Red.", succeeding("ask", file, "What color is the shape?").out().strip());
    assertEquals(List.of("clip.mp4"), Trees.names(folder));
  }

  @Test
  void animationBeginsWithTheImage() throws IOException {
    Path file = folder.resolve("clip.mp4");
    JsonObject made =
        json("animate", image, PROMPT, "--out", file, "--seed", 3, "--steps", 10, "--json");
    assertEquals(file.toString(), made.get("file").getAsString());
    assertEquals(9, made.get("frames").getAsInt());
    assertEquals(8, made.get("frame_rate").getAsDouble());
    assertEquals(3, made.get("seed").getAsLong());
    assertEquals("10", made.getAsJsonObject("settings").get("steps").getAsString());

    JsonObject answer = json("ask", file, "Which direction does it move?", "--json");
    assertEquals("To the right.", answer.get("text").getAsString());
    assertEquals("stop_token", answer.get("finish").getAsString());
    assertEquals(0, answer.get("seed").getAsLong());
    assertTrue(answer.get("tokens").getAsInt() > 2, answer.toString());
  }

  private static JsonObject json(Object... args) {
    Cli.Result result = succeeding(args);
    assertEquals("", result.err());
    assertEquals(1, result.out().lines().count(), result.out());
    return JsonParser.parseString(result.out()).getAsJsonObject();
  }

  @Test
  void folderOfFrames() throws IOException {
    Path frames = folder.resolve("frames");
    succeeding(
        "animate", image, PROMPT, "--out", frames, "--steps", 2, "--latent-frames", 2, "--seed", 1);
    assertEquals(5, Trees.names(frames).size());
    assertEquals(64, ImageDecoder.read(frames.resolve("frame-0005.png")).getWidth());
    assertTrue(succeeding("ask", frames, "What color is the shape?").out().startsWith("Red"));
  }

  @Test
  void oneFrameIsEnough() {
    Path gif = folder.resolve("one.gif");
    succeeding("video", PROMPT, "--out", gif, "--steps", 2, "--latent-frames", 1);
    assertEquals(1, frames(gif));
    // Asked about as the image that it is.
    succeeding("ask", gif, "What color is the shape?");
    Path mp4 = folder.resolve("one.mp4");
    succeeding("video", PROMPT, "--out", mp4, "--steps", 2, "--latent-frames", 1);
    succeeding("ask", mp4, "What color is the shape?", "--frames", 2);
  }

  @Test
  void framesOfTheDemoAreEight() {
    Path gif = folder.resolve("clip.gif");
    succeeding("animate", image, PROMPT, "--out", gif, "--steps", 5, "--seed", 3);
    Cli.Result usual = succeeding("ask", gif, "What happens in the video?");
    Cli.Result eight = succeeding("ask", gif, "What happens in the video?", "--frames", 8);
    assertEquals(eight.out(), usual.out());
    assertTrue(Cli.run("ask", "--help").out().contains("8 with the demo model"));
  }

  @Test
  void framesMadeSmallAreSeenAsTheyAre() throws IOException {
    Path frames = folder.resolve("frames");
    succeeding("video", PROMPT, "--out", frames, "--steps", 2, "--latent-frames", 1);
    BufferedImage whole = ImageDecoder.read(frames.resolve("frame-0001.png"));
    BufferedImage seen =
        new VisualFile.Video(frames)
            .frames(1, Bundle.open(TestCache.bundle()).architecture())
            .get(0);
    assertArrayEquals(
        whole.getRGB(0, 0, 64, 64, null, 0, 64), seen.getRGB(0, 0, 64, 64, null, 0, 64));
  }

  @Test
  void interruptLeavesNoFile() throws IOException {
    Thread.currentThread().interrupt();
    Cli.Result result;
    try {
      result = Cli.run("video", PROMPT, "--out", folder.resolve("x.mp4"));
    } finally {
      Thread.interrupted();
    }
    assertEquals(130, result.code(), result.err());
    assertEquals(List.of(), Trees.names(folder));
  }
}
