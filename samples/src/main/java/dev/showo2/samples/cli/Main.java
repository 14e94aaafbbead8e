package dev.showo2.samples.cli;

import dev.showo2.samples.demo.DemoModel;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The program. */
public final class Main {

  private Main() {}

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @param args command and options, as a shell splits them
   */
  public static void main(String[] args) {
    QuietLogs.install();
    NativeFiles.keepInCacheFolder();
    CliContext surroundings = surroundings();
    Interruption interruption = Interruption.install(surroundings.err());
    int code = ExitCode.FAILED;
    try {
      code = ShowO2CommandLine.run(surroundings, RawArguments.restore(args));
    } finally {
      interruption.workIsDone();
    }
    System.exit(code);
  }

  private static CliContext surroundings() {
    return new CliContext(
        System.in,
        utf8(FileDescriptor.out),
        utf8(FileDescriptor.err),
        Terminal.isAt(Terminal.STANDARD_INPUT),
        Terminal.isAt(Terminal.STANDARD_OUTPUT),
        Terminal.isAt(Terminal.STANDARD_ERROR),
        System.getenv("SHOWO2_STACKTRACE") != null,
        DemoModel::cacheFolder);
  }

  /** Whatever the platform's default is: prompts and answers are in English and Chinese. */
  private static PrintWriter utf8(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
  }
}
