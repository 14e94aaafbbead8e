package dev.showo2.samples.shutdown;

import dev.showo2.samples.cli.Main;
import dev.showo2.samples.shutdown.WorkingProcess.Work;
import dev.showo2.samples.testing.ChildJvm;
import dev.showo2.samples.testing.TestCache;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Kills processes at random instants of their work and looks at what is left. */
public final class Kills {

  private static final long PATIENCE_SECONDS = 120;

  /** JDK 17 may fail so (InternalError: Bad level: 2) on a signal that comes while it starts. */
  private static final String TOO_EARLY = "Error occurred during initialization of VM";

  private static final String INTERRUPTED = "showo2: interrupted; nothing was written";

  /** The work, and the states in which it is killed. */
  private enum Moment {
    LOADING(Work.OPEN, "started"),
    OPENING(Work.OPEN, "opening"),
    REOPENING(Work.OPEN, "opened"),
    PREFILL(Work.IMAGE, "prefill"),
    STEP(Work.IMAGE, "step"),
    DECODE(Work.IMAGE, "decode"),
    ASKING(Work.ASK, "prefill"),
    TOKEN(Work.ASK, "token"),
    STORY(Work.STORY, "step"),
    VIDEO(Work.VIDEO, "step"),
    VIDEO_DECODE(Work.VIDEO, "decode"),
    READING(Work.READ, "reading"),
    EXPORT(Work.EXPORT, "exporting"),
    WRITING(Work.EXPORT, "writing"),
    CHECKING(Work.EXPORT, "half-written");

    private final Work work;
    private final String state;

    Moment(Work work, String state) {
      this.work = work;
      this.state = state;
    }
  }

  /** At most that long after the state was reached; a step of the demo model takes 10 to 50 ms. */
  private static final int DELAY_MILLISECONDS = 250;

  /** To load the libraries of PyTorch, or to unpack them, takes seconds. */
  private static final int LOADING_MILLISECONDS = 5000;

  /** What other backends than ONNX Runtime are tried on: the rest computes nothing. */
  private static final List<Moment> COMPUTING =
      List.of(
          Moment.LOADING,
          Moment.OPENING,
          Moment.REOPENING,
          Moment.PREFILL,
          Moment.STEP,
          Moment.DECODE,
          Moment.TOKEN,
          Moment.VIDEO,
          Moment.VIDEO_DECODE);

  static final String ONNX = "onnx";
  static final String DJL = "djl";

  /** Programs that a shell runs in the background are deaf to Ctrl-C, and so are their children. */
  private static final boolean INTERRUPTS_ARRIVE = !ignored(2);

  private Kills() {}

  private static boolean ignored(int signal) {
    try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
      return status
          .filter(line -> line.startsWith("SigIgn:"))
          .mapToLong(line -> Long.parseUnsignedLong(line.replaceFirst("\\w+:\\s*", ""), 16))
          .anyMatch(mask -> (mask >> (signal - 1) & 1) == 1);
    } catch (IOException e) {
      return false; // No Linux.
    }
  }

  /**
   * Kills a process.
   *
   * @param number of the kill; determines the moment
   * @param seed determines signal and delay
   * @param folder empty
   * @return what was wrong, empty if nothing
   */
  public static List<String> one(int number, long seed, Path folder)
      throws IOException, InterruptedException {
    Moment moment = Moment.values()[number % Moment.values().length];
    Random random = new Random(seed * 1000 + number);
    End end = kill(ONNX, moment.work, moment.state, random, folder);
    return end.wrong().stream().map(what -> number + " " + moment + ": " + what).toList();
  }

  /** Kills a process that computes with PyTorch; as {@link #one} otherwise. */
  static List<String> oneOnPyTorch(int number, long seed, Path folder)
      throws IOException, InterruptedException {
    Moment moment = COMPUTING.get(number % COMPUTING.size());
    Random random = new Random(seed * 1000 + number);
    int most = moment == Moment.LOADING ? LOADING_MILLISECONDS : DELAY_MILLISECONDS;
    End end = kill(DJL, moment.work, moment.state, random, most, TestCache.folder(), folder);
    return end.wrong().stream().map(what -> number + " djl " + moment + ": " + what).toList();
  }

  /** Kills a process while it unpacks the libraries of PyTorch. */
  static List<String> unpacking(int number, long seed, Path folder)
      throws IOException, InterruptedException {
    Path cache = Files.createDirectory(folder.resolve("cache"));
    Random random = new Random(seed * 1000 + number);
    End end = kill(DJL, Work.OPEN, "opening", random, LOADING_MILLISECONDS, cache, folder);
    List<String> wrong = new ArrayList<>(end.wrong());
    Path unpacked = cache.resolve("native");
    if (Files.exists(unpacked)) {
      try (Stream<Path> names = Files.list(unpacked)) {
        names
            .map(path -> path.getFileName().toString())
            .filter(name -> name.startsWith(".part"))
            .forEach(name -> wrong.add("left behind in the cache: " + name));
      }
    }
    return wrong.stream().map(what -> number + " unpacking: " + what).toList();
  }

  /**
   * The end of a process.
   *
   * @param states what it told, in their order
   * @param wrong what it should not have done
   */
  record End(List<String> states, List<String> wrong) {}

  static End kill(String backend, Work work, String state, Random random, Path folder)
      throws IOException, InterruptedException {
    return kill(backend, work, state, random, DELAY_MILLISECONDS, TestCache.folder(), folder);
  }

  /**
   * @param most milliseconds after the state was reached
   * @param cache of native libraries
   */
  private static End kill(
      String backend, Work work, String state, Random random, int most, Path cache, Path folder)
      throws IOException, InterruptedException {
    boolean interrupt = random.nextBoolean() && INTERRUPTS_ARRIVE;
    int delay = random.nextInt(most);
    Path files = Files.createDirectories(folder.resolve("files"));
    Path error = folder.resolve("stderr.txt");
    ProcessBuilder builder =
        builder(
            folder,
            WorkingProcess.class,
            work.name(),
            TestCache.bundle().toString(),
            files.toString(),
            backend);
    builder.environment().put("SHOWO2_CACHE", cache.toString());
    Process process = builder.start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> states = new ArrayList<>();
      String line = out.readLine();
      while (line != null && !line.equals(state)) {
        states.add(line);
        line = out.readLine();
      }
      process.waitFor(delay, TimeUnit.MILLISECONDS);
      List<String> wrong = new ArrayList<>();
      endWithin(PATIENCE_SECONDS, process);
      send(interrupt ? "INT" : "TERM", process);
      for (line = out.readLine(); line != null; line = out.readLine()) {
        states.add(line);
      }
      requireExit(interrupt, process, error, wrong);
      if (states.contains("failed")) {
        wrong.add("failed: " + Files.readString(error));
      }
      addRest(folder, wrong);
      return new End(states, wrong.stream().map(what -> "+" + delay + " ms, " + what).toList());
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * Kills the command line while it draws.
   *
   * @param most milliseconds after its start
   */
  static List<String> command(String backend, Random random, int most, Path folder)
      throws IOException, InterruptedException {
    boolean interrupt = random.nextBoolean() && INTERRUPTS_ARRIVE;
    int delay = random.nextInt(most);
    Files.createDirectories(folder.resolve("files"));
    Path error = folder.resolve("stderr.txt");
    Process process =
        builder(
                folder,
                Main.class,
                "video",
                "a red circle moving to the right.",
                "--steps",
                // More than any machine computes before the kill.
                "2000",
                "--backend",
                backend,
                "--out",
                "files/video-1.mp4")
            .redirectOutput(folder.resolve("stdout.txt").toFile())
            .start();
    try {
      process.waitFor(delay, TimeUnit.MILLISECONDS);
      List<String> wrong = new ArrayList<>();
      endWithin(PATIENCE_SECONDS, process);
      send(interrupt ? "INT" : "TERM", process);
      process.waitFor();
      if (Files.readString(folder.resolve("stdout.txt")).contains(TOO_EARLY)) {
        return List.of();
      }
      requireExit(interrupt, process, error, wrong);
      addRest(folder, wrong);
      List<String> messages =
          Files.readAllLines(error).stream()
              .filter(line -> !line.matches("drawing: step .*|the demo model knows .*|SLF4J.*"))
              .toList();
      if (!messages.isEmpty() && !messages.equals(List.of(INTERRUPTED))) {
        wrong.add("wrote " + messages);
      }
      return wrong.stream().map(what -> backend + " command +" + delay + " ms: " + what).toList();
    } finally {
      process.destroyForcibly();
    }
  }

  /** A process whose standard error is a file of the folder, and which unpacks into the cache. */
  private static ProcessBuilder builder(Path folder, Class<?> program, String... arguments)
      throws IOException {
    List<String> command = ChildJvm.command(program.getName(), arguments);
    Path files = folder.resolve("files");
    command.addAll(
        1,
        List.of(
            "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")),
            "-XX:ErrorFile=" + files.resolve("hs_err.log"),
            "-Dorg.bytedeco.javacpp.cachedir=" + TestCache.folder().resolve("javacpp")));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve("stderr.txt").toFile());
    builder.environment().put("SHOWO2_CACHE", TestCache.folder().toString());
    return builder;
  }

  private static void endWithin(long seconds, Process process) {
    process
        .onExit()
        .orTimeout(seconds, TimeUnit.SECONDS)
        .exceptionally(timeout -> process.destroyForcibly());
  }

  private static void requireExit(
      boolean interrupt, Process process, Path error, List<String> wrong)
      throws IOException, InterruptedException {
    int exit = process.waitFor();
    int expected = 128 + (interrupt ? 2 : 15);
    if (exit != expected) {
      wrong.add("exit " + exit + ", not " + expected + ": " + Files.readString(error));
    }
  }

  private static void addRest(Path folder, List<String> wrong) throws IOException {
    wrong.addAll(leftBehind(folder.resolve("tmp")));
    wrong.addAll(leftBehind(folder.resolve("files")));
  }

  private static void send(String signal, Process process)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor();
  }

  /** Complete results, and what a program made itself, are no rest. */
  private static List<String> leftBehind(Path folder) throws IOException {
    try (Stream<Path> tree = Files.list(folder)) {
      return tree.map(path -> path.getFileName().toString())
          .filter(name -> !name.matches("checkpoint|bundle-\\d+|(image|video)-\\d+\\.(png|mp4)"))
          .map(name -> "left behind: " + name)
          .toList();
    }
  }
}
