package dev.showo2.samples.cli;

import dev.showo2.conformance.PlannedCheck;
import dev.showo2.conformance.Selection;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Report;
import dev.showo2.conformance.report.ReportFiles;
import dev.showo2.conformance.report.Rerun;
import dev.showo2.model.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The selection of checks, the tolerances that judge them, and the folder of the report. */
final class CheckOptions {

  private static final String ONLY = "--only";
  private static final String REPORT = "--report";

  @Option(
      names = "--precision",
      paramLabel = "P",
      description =
          "Judge by the tolerances of fp32, fp16, bf16, int8 or int4; without it, by those of the"
              + " least exact stage of the bundle.")
  private String precision;

  @Option(
      names = ONLY,
      paramLabel = "A,B",
      description =
          "Only these chapters, rules or checks, such as B,L-04,B-04/tiny-a/backbone_two_spans.")
  private String only;

  @Option(
      names = REPORT,
      paramLabel = "DIR",
      description = "Folder for a report as JSON, Markdown and JUnit's XML; is made if need be.")
  private Path report;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * The one that was asked for.
   *
   * @throws ParameterException if there is no such precision
   */
  Optional<Precision> precision() {
    try {
      return Optional.ofNullable(precision).map(Precision::of);
    } catch (IllegalArgumentException e) {
      throw refused("--precision: " + e.getMessage());
    }
  }

  /**
   * Those that were asked for.
   *
   * @throws ParameterException if there are none
   */
  List<PlannedCheck> chosen(List<PlannedCheck> plan) {
    try {
      return selection().from(plan);
    } catch (IllegalArgumentException e) {
      throw refused(ONLY + ": " + e.getMessage());
    }
  }

  /**
   * @throws ParameterException if what is to be run cannot be understood
   */
  void requireUnderstood() {
    selection();
  }

  private Selection selection() {
    try {
      return only == null ? Selection.ALL : Selection.of(only);
    } catch (IllegalArgumentException e) {
      throw refused(ONLY + ": " + e.getMessage());
    }
  }

  /**
   * The cases without which nothing that was asked for can run: those that are named one by one, or
   * all that are known.
   */
  Set<String> cases(List<String> known) {
    List<String> names = selection().names();
    Set<String> single =
        names.stream()
            .map(name -> name.split("/", 3))
            .filter(parts -> parts.length == 3)
            .map(parts -> parts[2])
            .filter(known::contains)
            .collect(Collectors.toSet());
    return single.isEmpty() || single.size() < names.size() ? Set.copyOf(known) : single;
  }

  /** Shows a check as soon as it ended. */
  static void show(Outcome outcome, CliContext context) {
    context.out().println(outcome);
    context.out().flush();
    Interruption.check();
  }

  /** Prints the summary, writes the report if one is asked for, and gives the exit status. */
  int end(Report unnamed, CliContext context) throws IOException {
    Report ended = unnamed.with(rerun());
    ended.printSummary(context.out());
    if (report != null) {
      ReportFiles files = ReportFiles.write(ended, report, ReportFiles.name(ended.environment()));
      context.note("report: " + OutputFile.absolute(files.markdown()));
    }
    return ended.successful() ? ExitCode.OK : ExitCode.FAILED;
  }

  /** What was typed, but for the choice of checks and the report. */
  private Rerun rerun() {
    StringBuilder text = new StringBuilder(command.qualifiedName());
    for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
      if (List.of(ONLY, REPORT).contains(option.longestName())) {
        continue;
      }
      text.append(' ').append(option.longestName());
      if (option.arity().max() > 0) {
        text.append(' ').append(Rerun.quoted(option.originalStringValues().get(0)));
      }
    }
    return new Rerun(text + " " + ONLY + " ");
  }

  ParameterException refused(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
