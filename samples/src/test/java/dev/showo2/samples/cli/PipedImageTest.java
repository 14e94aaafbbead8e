package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Images that come through a pipe, which is written only once. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class PipedImageTest {

  @TempDir private static Path folder;

  private static Path image;
  private static Path pipe;

  @BeforeAll
  static void draw() throws Exception {
    image = folder.resolve("red.png");
    pipe = folder.resolve("pipe");
    Cli.Result result = Cli.run("generate", "a red circle", "--out", image, "--seed", 7);
    assertEquals(0, result.code(), result.err());
    Process process = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
  }

  /** Runs a command while the file is written to the pipe. */
  private static Cli.Result piped(Path file, Object... args) throws Exception {
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              try {
                Files.write(pipe, Files.readAllBytes(file));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    Cli.Result result = Cli.run(args);
    writing.get(30, TimeUnit.SECONDS);
    return result;
  }

  @Test
  void editedImageIsThatOfTheFile() throws Exception {
    Path expected = folder.resolve("expected.png");
    Path edited = folder.resolve("edited.png");
    assertEquals(0, edit(image, expected, false).code());
    Cli.Result result = edit(pipe, edited, true);
    assertEquals(0, result.code(), result.err());
    assertArrayEquals(Files.readAllBytes(expected), Files.readAllBytes(edited));
  }

  private static Cli.Result edit(Path from, Path to, boolean piped) throws Exception {
    Object[] args = {"edit", from, "a blue circle", "--out", to, "--steps", 3, "--seed", 1};
    return piped ? piped(image, args) : Cli.run(args);
  }

  @Test
  void askedImageIsSeen() throws Exception {
    Cli.Result result = piped(image, "ask", pipe, "What color is the shape?");
    assertEquals(0, result.code(), result.err());
    assertEquals("Red.", result.out().strip());
  }

  @Test
  void animatedImageIsRead() throws Exception {
    Path frames = folder.resolve("frames");
    Cli.Result result =
        piped(
            image,
            "animate",
            pipe,
            "it moves",
            "--out",
            frames,
            "--latent-frames",
            1,
            "--steps",
            2);
    assertEquals(0, result.code(), result.err());
    assertTrue(Files.exists(frames.resolve("frame-0001.png")));
  }

  @Test
  void otherBytesAreRefused() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "no image");
    Cli.Result result = piped(text, "chat", "--image", pipe);
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains("image was expected, but " + pipe), result.err());
  }
}
