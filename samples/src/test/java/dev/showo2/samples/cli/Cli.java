package dev.showo2.samples.cli;

import dev.showo2.samples.testing.TestCache;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** Runs commands in this process. */
record Cli(boolean terminal, String input) {

  /** The results of a command. */
  record Result(int code, String out, String err) {}

  static Result run(Object... args) {
    return new Cli(false, "").execute(args);
  }

  static Result runOnTerminal(Object... args) {
    return new Cli(true, "").execute(args);
  }

  /**
   * @param input the content of standard input
   */
  static Result runOn(String input, Object... args) {
    return new Cli(false, input).execute(args);
  }

  private Result execute(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CliContext context =
        new CliContext(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintWriter(out),
            new PrintWriter(err),
            false,
            terminal,
            terminal,
            false,
            TestCache::folder);
    String[] texts = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      texts[i] = args[i].toString();
    }
    int code = ShowO2CommandLine.run(context, texts);
    context.out().flush();
    context.err().flush();
    return new Result(code, out.toString(), err.toString());
  }
}
