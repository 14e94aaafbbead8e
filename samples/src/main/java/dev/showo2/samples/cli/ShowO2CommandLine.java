package dev.showo2.samples.cli;

import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.internal.HeapLimit;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** The root of the commands. */
@Command(
    name = "showo2",
    description =
        "Runs the multimodal model Show-o2: draws and changes images, makes videos, answers"
            + " questions on both, tells stories and talks.",
    mixinStandardHelpOptions = true,
    versionProvider = ShowO2CommandLine.Version.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%nParameters:%n",
    commandListHeading = "%nCommands:%n",
    descriptionHeading = "%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed; for verify, conformance and inspect also: a check failed, or none passed",
      "2:the command line or the request is not valid: also an input that is not there, a folder to"
          + " make that has files in it, a backend or device that there is not",
      "130:interrupted",
      "143:asked to end by the system (SIGTERM)"
    },
    footerHeading = "%nEnvironment:%n",
    footer = {
      "  SHOWO2_CACHE        folder for the demo model's bundle",
      "  SHOWO2_STACKTRACE   if set, as --stacktrace"
    })
final class ShowO2CommandLine {

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show a stack trace with every error.")
  private boolean stackTraces;

  private ShowO2CommandLine() {}

  /** Runs a command and gives its exit status. */
  static int run(CliContext context, String... args) {
    int code = create(context).execute(args);
    // Writers keep their failures to themselves: a full disk must not look like an answer.
    if (context.out().checkError() && code == ExitCode.OK) {
      context.note("showo2: standard output cannot be written to");
      return ExitCode.FAILED;
    }
    return code;
  }

  static CommandLine create(CliContext context) {
    ShowO2CommandLine root = new ShowO2CommandLine();
    CommandLine commands =
        new CommandLine(root)
            .addSubcommand(new GenerateCommand(context))
            .addSubcommand(new EditCommand(context))
            .addSubcommand(new VideoCommand(context))
            .addSubcommand(new AnimateCommand(context))
            .addSubcommand(new AskCommand(context))
            .addSubcommand(new StoryCommand(context))
            .addSubcommand(new ChatCommand(context))
            .addSubcommand(new DemoCommand(context))
            .addSubcommand(new DemoDataCommand(context))
            .addSubcommand(new EvaluateCommand(context))
            .addSubcommand(new TrainDemoCommand(context))
            .addSubcommand(new ExportCommand(context))
            .addSubcommand(new ConvertCommand(context))
            .addSubcommand(new InspectCommand(context))
            .addSubcommand(new SynthesizeCommand(context))
            .addSubcommand(new InitCommand(context))
            .addSubcommand(new TrainCommand(context))
            .addSubcommand(new VerifyCommand(context))
            .addSubcommand(new ConformanceCommand(context))
            .addSubcommand(new RecordCommand(context))
            .addSubcommand(
                new CommandLine(new BenchCommand(context))
                    .addSubcommand(new BenchCompareCommand(context)))
            .addSubcommand(new BackendsCommand(context));
    return commands
        .setOut(context.out())
        .setErr(context.err())
        .registerConverter(Path.class, ShowO2CommandLine::path)
        // A prompt may begin with an @.
        .setExpandAtFiles(false)
        .setExecutionStrategy(ShowO2CommandLine::withinHeap)
        .setParameterExceptionHandler(
            (failure, args) -> root.failures(context, List.of(args)).usage(failure))
        .setExecutionExceptionHandler(
            (failure, command, parsed) ->
                root.failures(context, parsed.originalArgs()).execution(failure, command));
  }

  /** Lack of memory is one message like any other failure: picocli lets errors pass. */
  private static int withinHeap(ParseResult parsed) {
    try {
      return HeapLimit.guard("the command", () -> new RunLast().execute(parsed));
    } catch (InsufficientMemoryException e) {
      throw new ExecutionException(parsed.commandSpec().commandLine(), e.getMessage(), e);
    }
  }

  private Failures failures(CliContext context, List<String> args) {
    return new Failures(stackTraces || context.stackTraces(), ResultOptions.jsonAskedFor(args));
  }

  /**
   * @throws TypeConversionException if it cannot be a name
   */
  static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(
          "'"
              + name
              + "' cannot be the name of a file here; for names beyond ASCII set the locale to one"
              + " with UTF-8, such as LC_ALL=C.UTF-8");
    }
  }

  /** The lines of {@code --version}: all that a report of an error should say of its context. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      String version = Version.class.getPackage().getImplementationVersion();
      return new String[] {
        "showo2 " + (version == null ? "(not packaged)" : version),
        "Java "
            + Runtime.version()
            + ", "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch")
      };
    }
  }
}
