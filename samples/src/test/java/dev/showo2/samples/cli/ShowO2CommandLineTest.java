package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.samples.testing.TestCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ShowO2CommandLineTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "generate",
        "edit",
        "video",
        "animate",
        "ask",
        "story",
        "chat",
        "demo",
        "demo-data",
        "evaluate",
        "export",
        "convert",
        "inspect",
        "synthesize",
        "init",
        "verify",
        "conformance",
        "record",
        "bench",
        "bench compare",
        "backends"
      })
  void helpListsExitCodes(String command) {
    Cli.Result result = Cli.run((Object[]) (command + " --help").split(" "));
    assertEquals(0, result.code());
    assertTrue(result.out().startsWith("Usage: showo2 " + command), result.out());
    assertTrue(result.out().contains("130   interrupted"), result.out());
    assertTrue(result.out().contains("--stacktrace"), result.out());
    assertEquals("", result.err());
  }

  @Test
  void versionNamesTheJava() {
    Cli.Result result = Cli.run("--version");
    assertEquals(0, result.code());
    assertTrue(result.out().startsWith("showo2 "), result.out());
    assertTrue(result.out().contains("Java " + Runtime.version()), result.out());
  }

  @Test
  void backendsAreListedWithTheirState() {
    Cli.Result result = Cli.run("backends");
    assertEquals(0, result.code(), result.err());
    assertTrue(
        result
            .out()
            .matches(
                "(?s)djl  PyTorch by DJL 2\\.7\\.1  usable\\Ronnx  ONNX Runtime \\S+  usable\\R.*"),
        result.out());
    assertTrue(
        result
            .out()
            .contains(
                "reference  pure Java, slow, for comparison; Java "
                    + Runtime.version()
                    + "  usable"),
        result.out());
    assertTrue(result.out().contains("Without --backend, onnx is taken."), result.out());
  }

  /** The library takes descriptions for formats, and complains of those that are none. */
  @Test
  void descriptionsAreFormats() {
    List<CommandLine> commands = new ArrayList<>();
    commands.add(ShowO2CommandLine.create(context(Writer.nullWriter(), Writer.nullWriter())));
    for (int i = 0; i < commands.size(); i++) {
      commands.addAll(commands.get(i).getSubcommands().values());
      CommandLine.Model.CommandSpec command = commands.get(i).getCommandSpec();
      Stream.of(
              Stream.of(command.usageMessage().description()),
              Stream.of(command.usageMessage().footer()),
              command.options().stream().flatMap(option -> Stream.of(option.description())),
              command.positionalParameters().stream()
                  .flatMap(parameter -> Stream.of(parameter.description())))
          .flatMap(texts -> texts)
          .forEach(text -> assertDoesNotThrow(() -> String.format(text.replace("${", "{")), text));
    }
    assertTrue(commands.size() > 15, "" + commands.size());
  }

  private static CliContext context(Writer out, Writer err) {
    return new CliContext(
        InputStream.nullInputStream(),
        new PrintWriter(out),
        new PrintWriter(err),
        false,
        false,
        false,
        false,
        TestCache::folder);
  }

  @Test
  void lostOutputIsFailure() {
    StringWriter err = new StringWriter();
    CliContext context = context(new Refusing(), err);
    assertEquals(ExitCode.FAILED, ShowO2CommandLine.run(context, "backends"));
    assertTrue(err.toString().contains("standard output cannot be written to"), err.toString());
  }

  /** A full disk. */
  private static final class Refusing extends Writer {

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
      throw new IOException("no space left");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void unexpectedFailuresAskForReport() {
    String told = told(ExitCode.FAILED, new IllegalArgumentException("odd"));
    assertTrue(told.contains("IllegalArgumentException: odd"), told);
    assertTrue(told.contains("\tat " + ShowO2CommandLineTest.class.getName()), told);
    assertTrue(told.contains("please report it"), told);
  }

  @Test
  void failuresOfTheDiskAreOneLine() {
    String line = System.lineSeparator();
    assertEquals("showo2: no space" + line, told(ExitCode.FAILED, new IOException("no space")));
    assertEquals(
        "showo2: no such file: /x" + line,
        told(ExitCode.FAILED, new UncheckedIOException(new NoSuchFileException("/x"))));
    assertEquals(
        "showo2: access denied: /x" + line, told(ExitCode.FAILED, new AccessDeniedException("/x")));
  }

  private static String told(int code, Exception failure) {
    StringWriter err = new StringWriter();
    CommandLine command = new CommandLine(CommandLine.Model.CommandSpec.create());
    command.setErr(new PrintWriter(err));
    assertEquals(code, new Failures(false, false).execution(failure, command));
    return err.toString();
  }

  @Test
  void terminalIsNotSteeredByAnswers() {
    assertEquals("a\ufffd[2J\n\tb圆\ufffd", Terminal.printable("a\033[2J\n\tb圆\u009b"));
  }
}
