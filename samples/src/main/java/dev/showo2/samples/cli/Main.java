package dev.showo2.samples.cli;

import dev.showo2.samples.demo.DemoModel;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The program. */
public final class Main {

  // The log manager holds loggers weakly and would forget their levels.
  private static final List<Logger> KEPT =
      List.of(Logger.getLogger(""), Logger.getLogger("ai.djl"), Logger.getLogger("com.sun.jna"));

  private static final String NATIVE_FILES = "org.bytedeco.javacpp.cachedir";

  private Main() {}

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @param args command and options, as a shell splits them
   */
  public static void main(String[] args) {
    quietLogs();
    keepNativeFilesInCacheFolder();
    CliContext context = context();
    Interruption interruption = Interruption.install(context.err());
    int code = ExitCode.FAILED;
    try {
      code = ShowO2CommandLine.run(context, RawArguments.restore(args));
    } finally {
      interruption.workIsDone();
    }
    System.exit(code);
  }

  /**
   * Keeps what libraries log off the terminal: of the SDK only warnings are shown, of the
   * tokenizer's libraries only errors. A configuration of {@code java.util.logging} goes first.
   */
  private static void quietLogs() {
    if (System.getProperty("java.util.logging.config.file") == null
        && System.getProperty("java.util.logging.config.class") == null) {
      KEPT.get(0).setLevel(Level.WARNING);
      KEPT.get(1).setLevel(Level.SEVERE);
      KEPT.get(2).setLevel(Level.SEVERE);
    }
  }

  /**
   * Lets FFmpeg's libraries be unpacked in this program's cache folder and not, as JavaCPP would
   * do, in one of its own in the user's home. A folder that the user has chosen stays. A program
   * may set such properties; a library may not.
   */
  static void keepNativeFilesInCacheFolder() {
    if (System.getProperty(NATIVE_FILES) == null) {
      try {
        System.setProperty(NATIVE_FILES, DemoModel.cacheFolder().resolve("javacpp").toString());
      } catch (IOException e) {
        // There is none; JavaCPP then finds a temporary folder.
      }
    }
  }

  private static CliContext context() {
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

  /**
   * The arguments as UTF-8. In a locale such as C, Java takes arguments for ASCII and puts U+FFFD
   * in the place of every byte of a Chinese prompt; Linux still has the bytes.
   */
  static final class RawArguments {

    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final String REPLACEMENT = "\ufffd";

    private RawArguments() {}

    static String[] restore(String[] args) {
      if (!String.join("", args).contains(REPLACEMENT) || !Files.isReadable(COMMAND_LINE)) {
        return args;
      }
      try {
        return restore(args, Files.readAllBytes(COMMAND_LINE));
      } catch (IOException e) {
        return args;
      }
    }

    /**
     * @param commandLine all arguments of the process, its own name included, each ended by a zero
     */
    static String[] restore(String[] args, byte[] commandLine) {
      List<String> all = new ArrayList<>();
      try {
        int start = 0;
        for (int i = 0; i < commandLine.length; i++) {
          if (commandLine[i] == 0) {
            ByteBuffer argument = ByteBuffer.wrap(commandLine, start, i - start);
            all.add(StandardCharsets.UTF_8.newDecoder().decode(argument).toString());
            start = i + 1;
          }
        }
      } catch (CharacterCodingException e) {
        return args;
      }
      // The launcher hands over the last ones, as they are; where it does not, nothing is changed.
      List<String> last = all.subList(Math.max(0, all.size() - args.length), all.size());
      List<String> ascii = last.stream().map(RawArguments::asAscii).toList();
      return ascii.equals(Arrays.asList(args)) ? last.toArray(String[]::new) : args;
    }

    private static String asAscii(String text) {
      StringBuilder seen = new StringBuilder();
      for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
        seen.append(b < 0 ? REPLACEMENT : (char) b);
      }
      return seen.toString();
    }
  }
}
