package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.showo2.samples.testing.ChildJvm;
import dev.showo2.samples.testing.TestCache;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C, as it reaches the program. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class ChatProcessTest {

  @TempDir private Path folder;

  @Test
  void interruptEndsTheAnswerAndNotTheProgram() throws IOException, InterruptedException {
    TestCache.bundle();
    // So tokens that are there already become ever likelier, and answers go on for long.
    Process process = start("--repetition-penalty", "0.1", "--max-tokens", "20000");
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        Writer in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write("Hello!\n");
      in.flush();
      int first = out.read();
      assertTrue(first > 0, "an answer has begun");
      interrupt(process);
      assertTrue(out.readLine().length() < 10_000);

      in.write("Who are you?\n");
      in.flush();
      assertTrue(out.read() > 0, "the program lives and answers");
      interrupt(process);
      out.readLine();

      // Nothing is answered now, so that it ends the program.
      interrupt(process);
      assertEquals(null, out.readLine());
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      assertEquals(130, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }

  /** With interrupts at their default, even where this process was started to ignore them. */
  private Process start(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    assumeTrue(
        new ProcessBuilder("env", "--default-signal=INT", "true").start().waitFor() == 0,
        "env cannot reset signals here");
    List<String> args = new ArrayList<>(List.of("chat"));
    args.addAll(List.of(options));
    command.addAll(ChildJvm.command(Main.class.getName(), args.toArray(String[]::new)));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectError(folder.resolve("err.txt").toFile());
    builder.environment().put("SHOWO2_CACHE", TestCache.folder().toString());
    return builder.start();
  }

  private static void interrupt(Process process) throws IOException, InterruptedException {
    assertEquals(
        0, new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor());
  }
}
