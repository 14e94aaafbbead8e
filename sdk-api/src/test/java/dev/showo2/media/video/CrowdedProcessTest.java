package dev.showo2.media.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.media.video.internal.Ffmpeg;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process in which a model takes more memory than the limit of JavaCPP, which then refuses to
 * allocate anything itself.
 */
class CrowdedProcessTest {

  private static final int MODEL_BYTES = 300 << 20;
  private static final String READ = "[0, 2, 4] [0, 2, 4]";

  @TempDir Path directory;

  @Test
  void ffmpegIsLoadedInAProcessWithALargeModel() throws Exception {
    assertEquals(List.of(READ, "null"), run("-Xmx32m", "model", "videos", "property"));
  }

  @Test
  void modelMayComeLater() throws Exception {
    assertEquals(
        List.of(READ, READ, "250m"), run(limit("250m"), "videos", "model", "videos", "property"));
  }

  @Test
  void limitThatTheUserHasSetIsNamed() throws Exception {
    List<String> output = run(limit("1m"), "videos");
    assertEquals(1, output.size());
    assertTrue(
        output
            .get(0)
            .matches(
                "writing .*clip\\.mp4 takes FFmpeg, which was refused memory \\(Physical memory"
                    + " usage is too high: .*\\); start Java with"
                    + " -Dorg\\.bytedeco\\.javacpp\\.maxPhysicalBytes=0, which lifts that limit"),
        output.get(0));
  }

  private static String limit(String bytes) {
    return "-D" + Ffmpeg.JavacppMemoryLimit.PROPERTY + "=" + bytes;
  }

  private List<String> run(String option, String... steps)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(option);
    command.add("-XX:MaxDirectMemorySize=" + 2 * MODEL_BYTES);
    String cache = "org.bytedeco.javacpp.cachedir";
    command.add("-D" + cache + "=" + System.getProperty(cache));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.add(directory.toString());
    command.addAll(List.of(steps));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.lines().toList();
  }

  static final class Main {

    private Main() {}

    public static void main(String[] args) {
      List<ByteBuffer> models = new ArrayList<>();
      for (int i = 1; i < args.length; i++) {
        switch (args[i]) {
          case "model" -> models.add(ByteBuffer.allocateDirect(MODEL_BYTES));
          case "videos" -> System.out.println(videos(Path.of(args[0])));
          default -> System.out.println(System.getProperty(Ffmpeg.JavacppMemoryLimit.PROPERTY));
        }
      }
      models.clear();
    }

    private static String videos(Path directory) {
      Path mp4 = directory.resolve("clip.mp4");
      Path webm = directory.resolve("clip.webm");
      try {
        VideoWriter.write(Clips.numbered(32, 32, 5), 29.97, mp4);
        VideoWriter.write(Clips.numbered(32, 32, 5), 8, webm);
        return numbers(mp4) + " " + numbers(webm);
      } catch (InsufficientMemoryException e) {
        return e.getMessage();
      }
    }

    private static List<Integer> numbers(Path file) {
      return VideoReader.sample(file, 3).stream().map(Clips::number).toList();
    }
  }
}
