package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.ShowO2;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.video.FrameSink;
import dev.showo2.media.video.VideoReader;
import dev.showo2.pipeline.Conversation;
import dev.showo2.pipeline.ConversationOptions;
import dev.showo2.pipeline.FlowOptions;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageToImageRequest;
import dev.showo2.pipeline.ImageToVideoRequest;
import dev.showo2.pipeline.TextOptions;
import dev.showo2.samples.testing.ChildJvm;
import dev.showo2.samples.testing.TestCache;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that are larger than the model's, of which the commands keep what the model sees. */
class LargeImageTest {

  private static final String QUESTION = "What is in the image?";

  @TempDir private Path folder;

  /** Commands in a heap that has no room for the image. */
  static final class Commands {

    private Commands() {}

    public static void main(String[] args) {
      Path image = Path.of(args[0]);
      String bundle = args[1];
      print(Cli.run("ask", image, QUESTION, "--bundle", bundle));
      String lines = "/image " + image + "\n" + QUESTION;
      print(Cli.runOn(lines, "chat", "--image", image, "--bundle", bundle));
      for (String command : List.of("edit", "animate")) {
        Path out = image.resolveSibling(command + ".gif");
        print(Cli.run(command, image, "a circle", "--out", out, "--steps", 2, "--bundle", bundle));
      }
    }

    private static void print(Cli.Result result) {
      System.out.println(result.code() + (result.code() == 0 ? "" : " " + result.err().strip()));
    }
  }

  @Test
  void commandsHaveNoImageInMemoryAsAWhole() throws Exception {
    Path image = folder.resolve("large.png");
    // 96 MB once decoded.
    ImageIO.write(
        new BufferedImage(6000, 4000, BufferedImage.TYPE_BYTE_BINARY), "png", image.toFile());
    String bundle = TestCache.bundle().toString();
    List<String> command =
        new ArrayList<>(ChildJvm.command(Commands.class.getName(), image.toString(), bundle));
    command.add(1, "-Xmx64m");
    ChildJvm.Result result = ChildJvm.run(folder, Map.of(), command);
    assertEquals(List.of("0", "0", "0", "0"), result.out().lines().toList(), result.err());
  }

  @Test
  void resultsAreThoseOfTheWholeImage() throws IOException {
    BufferedImage whole = new BufferedImage(301, 203, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = whole.createGraphics();
    graphics.setColor(Color.GREEN);
    graphics.fillOval(111, 33, 140, 120);
    graphics.dispose();
    Path image = folder.resolve("image.png");
    ImageIO.write(whole, "png", image.toFile());
    Path edited = folder.resolve("edited.png");
    Path frames = folder.resolve("frames");
    Object[] settings = {"--steps", 2, "--seed", 1, "--out"};
    Cli.Result edit = run(new Object[] {"edit", image, "a circle"}, settings, edited);
    String told = "only the middle of 301x203 pixels was taken: the model draws 64x64";
    assertTrue(edit.err().contains(told), edit.err());
    run(new Object[] {"animate", image, "a circle"}, settings, frames);
    Cli.Result chat = Cli.runOn("/image " + image + "\n" + QUESTION, "chat", "--max-tokens", 9);

    FlowOptions flow = FlowOptions.builder().steps(2).seed(1).build();
    try (ShowO2 model = ShowO2.open(TestCache.bundle())) {
      ImageToImageRequest request =
          ImageToImageRequest.builder(whole, "a circle").options(flow).build();
      assertSame(model.imageToImage().generate(request).image(), ImageDecoder.read(edited));

      List<BufferedImage> expected = new ArrayList<>();
      model
          .imageToVideo()
          .generate(
              ImageToVideoRequest.builder(whole, "a circle").options(flow).build(),
              FrameSink.into(expected));
      List<BufferedImage> animated = VideoReader.sample(frames, expected.size());
      for (int i = 0; i < animated.size(); i++) {
        assertSame(expected.get(i), animated.get(i));
      }

      TextOptions text = TextOptions.builder().maxTokens(9).build();
      try (Conversation conversation = model.chat().open(ConversationOptions.DEFAULTS)) {
        conversation.add(whole);
        assertEquals(
            conversation.ask(QUESTION, text, GenerationListener.NONE).text(),
            chat.out().strip(),
            chat.err());
      }
    }
  }

  private static Cli.Result run(Object[] command, Object[] settings, Path out) {
    List<Object> args = new ArrayList<>(List.of(command));
    args.addAll(List.of(settings));
    args.add(out);
    Cli.Result result = Cli.run(args.toArray());
    assertEquals(0, result.code(), result.err());
    return result;
  }

  private static void assertSame(BufferedImage expected, BufferedImage found) {
    assertEquals(expected.getWidth(), found.getWidth());
    assertArrayEquals(
        expected.getRGB(0, 0, expected.getWidth(), expected.getHeight(), null, 0, 999),
        found.getRGB(0, 0, found.getWidth(), found.getHeight(), null, 0, 999));
  }
}
