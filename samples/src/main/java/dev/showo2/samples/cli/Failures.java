package dev.showo2.samples.cli;

import com.google.gson.JsonObject;
import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.pipeline.DecodingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Tells the user what went wrong: one message for what the SDK or the disk refuses, a stack trace
 * for what nobody expected.
 *
 * @param stackTraces whether to show one always
 * @param json whether a program reads the messages
 */
record Failures(boolean stackTraces, boolean json) {

  /** A command line that cannot be understood. */
  int usage(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    if (stackTraces) {
      failure.printStackTrace(err);
    }
    print(failure.getMessage() + hint(failure), ExitCode.USAGE, err);
    if (!json) {
      UnmatchedArgumentException.printSuggestions(failure, err);
      err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    err.flush();
    return ExitCode.USAGE;
  }

  /** The words of a prompt without quotes look like arguments that nobody takes. */
  private static String hint(ParameterException failure) {
    if (!(failure instanceof UnmatchedArgumentException unmatched)
        || unmatched.getUnmatched().stream().anyMatch(word -> word.startsWith("-"))) {
      return "";
    }
    List<PositionalParamSpec> parameters =
        failure.getCommandLine().getCommandSpec().positionalParameters();
    if (parameters.isEmpty()
        || !parameters.get(parameters.size() - 1).paramLabel().equals("PROMPT")) {
      return "";
    }
    return "; put the prompt in quotes: \""
        + parameters.get(parameters.size() - 1).getValue()
        + " "
        + String.join(" ", unmatched.getUnmatched())
        + "\"";
  }

  /** A command that could not do its work. */
  int execution(Exception failure, CommandLine command) {
    PrintWriter err = command.getErr();
    command.getOut().flush();
    int code = report(failure, err);
    err.flush();
    return code;
  }

  private int report(Exception failure, PrintWriter err) {
    // An unchecked one that only wraps says less than what it wraps.
    Exception cause =
        failure instanceof UncheckedIOException unchecked
                && String.valueOf(unchecked.getCause()).equals(unchecked.getMessage())
            ? unchecked.getCause()
            : failure;
    boolean expected =
        cause instanceof ShowO2Exception
            || cause instanceof IOException
            || cause instanceof UncheckedIOException;
    boolean interrupted = interrupted(cause);
    if (stackTraces || !expected && !interrupted) {
      failure.printStackTrace(err);
    }
    if (interrupted) {
      return print("interrupted; nothing was written", ExitCode.INTERRUPTED, err);
    }
    if (!expected) {
      return print(
          "this should not have happened; please report it with the lines above",
          ExitCode.FAILED,
          err);
    }
    int code = cause instanceof InvalidRequestException ? ExitCode.USAGE : ExitCode.FAILED;
    return print(describe(cause), code, err);
  }

  /** Whatever fails once the process is asked to end fails because of it. */
  private static boolean interrupted(Throwable failure) {
    return Interruption.isEnding()
        || failure instanceof CancelledException
        || Interruptions.caused(failure);
  }

  /** Some of the JDK's messages are a path and nothing more. */
  private static String describe(Exception failure) {
    if (failure instanceof FileSystemException file && file.getReason() == null) {
      if (file instanceof NoSuchFileException) {
        return "no such file: " + file.getFile();
      }
      if (file instanceof AccessDeniedException) {
        return "access denied: " + file.getFile();
      }
    }
    if (failure instanceof DecodingException) {
      // What is kept in the exception is gone with this process.
      return failure.getCause().getMessage()
          + "; the drawing was done but could not be decoded: try again with --tiling always, which"
          + " takes less memory";
    }
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private int print(String message, int code, PrintWriter err) {
    if (json) {
      JsonObject error = new JsonObject();
      error.addProperty("error", message);
      error.addProperty("exit_code", code);
      err.println(Json.text(error));
    } else {
      err.println("showo2: " + message);
    }
    return code;
  }
}
