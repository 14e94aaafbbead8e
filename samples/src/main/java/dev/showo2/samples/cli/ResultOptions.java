package dev.showo2.samples.cli;

import com.google.gson.JsonElement;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import picocli.CommandLine.Option;

/** The form of the result: text for people or JSON for programs. */
final class ResultOptions {

  private static final String JSON = "--json";

  @Option(
      names = JSON,
      description = {
        "Print the result as a JSON object on one line, and an error as {\"error\": message,"
            + " \"exit_code\": n} on standard error, which gets nothing else."
      })
  private boolean json;

  boolean json() {
    return json;
  }

  /** Whether a command line, understood or not, asks for JSON. */
  static boolean jsonAskedFor(List<String> args) {
    int end = args.indexOf("--");
    return args.subList(0, end < 0 ? args.size() : end).contains(JSON);
  }

  /** The same without notes and progress where a program reads. */
  CliContext around(CliContext context) {
    return json ? context.withoutNotes(new PrintWriter(Writer.nullWriter())) : context;
  }

  static void print(JsonElement result, PrintWriter out) {
    out.println(Json.text(result));
  }
}
