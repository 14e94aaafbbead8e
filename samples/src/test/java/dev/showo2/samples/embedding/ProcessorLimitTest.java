package dev.showo2.samples.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.ShowO2;
import dev.showo2.samples.testing.ChildJvm;
import dev.showo2.samples.testing.TestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The JVM's limit of processors, seen from the engine's own threads. */
@EnabledOnOs(OS.LINUX)
class ProcessorLimitTest {

  private static final String NAME = "opens-a-model";

  @TempDir private Path folder;

  /** Opens a bundle and prints the number of threads that its thread has started. */
  static final class Opener {

    private Opener() {}

    public static void main(String[] args) throws InterruptedException {
      // Native threads have the name of the one that starts them, until they take another.
      Thread opening = new Thread(() -> open(Path.of(args[0]), Integer.parseInt(args[1])), NAME);
      opening.start();
      opening.join();
    }

    private static void open(Path bundle, int threads) {
      ShowO2.Builder builder = ShowO2.builder(bundle);
      try (ShowO2 model = (threads > 0 ? builder.threads(threads) : builder).open();
          Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
        System.out.println(tasks.filter(Opener::isOurs).count() - 1 + " on " + model.backendId());
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private static boolean isOurs(Path task) {
      try {
        return Files.readString(task.resolve("comm")).strip().equals(NAME);
      } catch (IOException e) {
        return false; // It has ended meanwhile.
      }
    }
  }

  @Test
  void reachesTheEngine() throws Exception {
    assertEquals("0 on onnx", opened(0, "-XX:ActiveProcessorCount=1"));
    String three = opened(3, "-XX:ActiveProcessorCount=1");
    // Two more in each session than the thread that calls.
    assertTrue(three.matches("[1-9][0-9]*[02468] on onnx|[2468] on onnx"), three);
  }

  private String opened(int threads, String option) throws Exception {
    List<String> command =
        new ArrayList<>(
            ChildJvm.command(
                Opener.class.getName(), TestCache.bundle().toString(), String.valueOf(threads)));
    command.add(1, option);
    ChildJvm.Result result = ChildJvm.run(folder, Map.of(), command);
    assertEquals(0, result.code(), result.err());
    return result.out().strip();
  }
}
