package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.ShowO2;
import dev.showo2.demo.model.DemoCheckpoint;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.video.FrameSink;
import dev.showo2.model.Bundle;
import dev.showo2.pipeline.Conversation;
import dev.showo2.pipeline.ConversationOptions;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageToVideoRequest;
import dev.showo2.pipeline.StoryRequest;
import dev.showo2.pipeline.TextOptions;
import dev.showo2.pipeline.TextToVideoRequest;
import dev.showo2.samples.testing.TestCache;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of the command that trains the demo model. */
class TrainDemoCommandTest {

  private static final String WEIGHT = "showo.model.layers.0.mlp.up_proj.weight";

  @TempDir private Path folder;

  @Test
  void aFewStepsOfAllTasksLowerBothLossesAndTheResultDoesThem() throws IOException {
    Path out = folder.resolve("run");
    Cli.Result result =
        Cli.run("train-demo", "--out", out, "--steps", 10, "--threads", 1, "--json");
    assertEquals(0, result.code(), result.err());
    assertEquals("", result.err());
    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    assertEquals(10, json.get("steps").getAsInt());
    assertEquals(4, json.getAsJsonObject("flow").get("compared").getAsInt(), "of 8 that draw");
    JsonObject tasks = json.getAsJsonObject("tasks");
    assertEquals(Set.of("images", "chats", "stories", "videos", "video-questions"), tasks.keySet());
    assertEquals(6, tasks.getAsJsonObject("images").get("steps").getAsInt());
    assertEquals(Set.of("steps", "flow"), tasks.getAsJsonObject("videos").keySet());
    assertEquals(Set.of("steps", "next_token"), tasks.getAsJsonObject("video-questions").keySet());
    for (String loss : List.of("next_token", "flow")) {
      JsonObject course = json.getAsJsonObject(loss);
      double first = course.get("first").getAsDouble();
      double last = course.get("last").getAsDouble();
      assertTrue(last < 0.97 * first, loss + ": " + first + " to " + last);
    }

    BufferedImage image = ImageDecoder.read(out.resolve("image.png"));
    assertEquals(64, image.getWidth());
    assertDoesAllTasks(out.resolve("bundle"), image);
    Bundle bundle = Bundle.open(out.resolve("bundle"));
    assertEquals(Bundle.open(TestCache.bundle()).architecture(), bundle.architecture());
    assertTrue(Files.exists(out.resolve("curves.png")));

    Path shipped = Files.createDirectory(folder.resolve("shipped"));
    DemoCheckpoint.copyTo(shipped);
    try (CheckpointWeights trained = Checkpoints.open(out.resolve("checkpoint"));
        CheckpointWeights start = Checkpoints.open(out.resolve("start"));
        CheckpointWeights demo = Checkpoints.open(shipped)) {
      assertEquals(start.names(), trained.names());
      float[] weights = trained.readFloats(WEIGHT).values();
      assertTrue(!Arrays.equals(start.readFloats(WEIGHT).values(), weights));
      assertTrue(
          !Arrays.equals(demo.readFloats(WEIGHT).values(), start.readFloats(WEIGHT).values()));
    }
  }

  private static void assertDoesAllTasks(Path bundle, BufferedImage image) {
    TextOptions few = TextOptions.builder().maxTokens(5).build();
    try (ShowO2 model = ShowO2.open(bundle)) {
      List<BufferedImage> video = new ArrayList<>();
      TextToVideoRequest made = TextToVideoRequest.builder("a red circle").steps(2).build();
      model.textToVideo().generate(made, FrameSink.into(video));
      assertEquals(9, video.size());
      List<BufferedImage> animated = new ArrayList<>();
      ImageToVideoRequest from = ImageToVideoRequest.builder(image, "moving up").steps(2).build();
      model.imageToVideo().generate(from, FrameSink.into(animated));
      assertEquals(9, animated.size());
      GenerationListener none = GenerationListener.NONE;
      try (Conversation onImage = model.imageUnderstanding().open(List.of(image));
          Conversation onVideo =
              model.videoUnderstanding().open(video, 8, ConversationOptions.DEFAULTS)) {
        assertTrue(onImage.ask("What is this?", few, none).ids().length > 0);
        assertTrue(onImage.ask("Which shape is it?", few, none).ids().length > 0);
        assertTrue(onVideo.ask("Describe the video.", few, none).ids().length > 0);
      }
      StoryRequest story = StoryRequest.builder("Draw a circle.").steps(2).text(few).build();
      assertTrue(!model.story().tell(story).parts().isEmpty());
    }
  }

  @Test
  void timeEndsARunThatGoesOnWithMoreOfTheSameTasks() throws IOException {
    Path out = folder.resolve("run");
    Object[] args = {
      "train-demo", "--out", out, "--minutes", "0.0001", "--threads", 1, "--tasks", "images"
    };
    assertEquals(0, Cli.run(args).code());
    assertTrue(Files.exists(out.resolve("image.png")));
    Object[] more = Arrays.copyOf(args, args.length + 1);
    more[args.length] = "--resume";
    Cli.Result again = Cli.run(more);
    assertEquals(0, again.code(), again.err());
    assertTrue(again.out().contains("Trained 2 steps: " + out), again.out());
    more[args.length - 1] = "images,chats";
    Cli.Result other = Cli.run(more);
    assertEquals(2, other.code(), other.err());
    assertTrue(other.err().contains("images, chats"), other.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--steps: at least 1 is needed, found 0 | --steps 0",
        "--minutes: more than 0 and at most | --minutes 0",
        "--minutes: more than 0 and at most | --minutes NaN",
        "mutually exclusive | --minutes 1 --steps 1",
        "--threads: at least 1 is needed, found 0 | --threads 0",
        "--tasks: expected some of images, chats, stories | --tasks poems",
        "--out: no run in | --resume"
      })
  void refusesWhatCannotBe(String expected, String options) {
    Path out = folder.resolve("run");
    List<Object> args = new ArrayList<>(List.of("train-demo", "--out", out));
    args.addAll(List.of(options.split(" ")));
    Cli.Result result = Cli.run(args.toArray());
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains(expected), result.err());
    assertTrue(Files.notExists(out));
  }

  @Test
  void refusesAFolderWithFiles() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    Cli.Result result = Cli.run("train-demo", "--out", folder);
    assertEquals(2, result.code());
    assertTrue(result.err().contains("holds files already"), result.err());
  }
}
