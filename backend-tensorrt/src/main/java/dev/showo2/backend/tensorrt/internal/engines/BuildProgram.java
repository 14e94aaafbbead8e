package dev.showo2.backend.tensorrt.internal.engines;

import dev.showo2.backend.tensorrt.internal.device.PlanBuilder;
import dev.showo2.backend.tensorrt.internal.engines.BuildProtocol.Line;
import dev.showo2.backend.tensorrt.internal.engines.BuildProtocol.Word;
import dev.showo2.model.internal.JsonFields;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apiguardian.api.API;

/**
 * The program that builds one plan, in a process of its own. Its argument is the file of the
 * request, its standard output speaks {@link BuildProtocol}, and it ends when its standard input
 * does: with the process that started it.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class BuildProgram {

  private static final int FAILED = 1;
  private static final int ABANDONED = 2;

  private BuildProgram() {}

  /**
   * Builds a plan.
   *
   * @param arguments the file of the request
   */
  public static void main(String[] arguments) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    // What libraries print is not to come between the lines of the protocol.
    System.setOut(
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
    Thread watch = new Thread(null, BuildProgram::awaitEndOfInput, "showo2-watch", 0, false);
    watch.setDaemon(true);
    watch.start();
    Line result;
    try {
      build(Path.of(arguments[0]), text -> out.println(new Line(Word.PROGRESS, text)));
      result = new Line(Word.DONE, "");
    } catch (Throwable e) {
      result = BuildProtocol.failure(e);
    }
    out.println(result);
    System.exit(result.word() == Word.DONE ? 0 : FAILED);
  }

  private static void build(Path file, Consumer<String> progress)
      throws IOException, ReflectiveOperationException {
    JsonFields json = JsonFields.parse(Files.readString(file), file.toString());
    PlanBuilder builder =
        Class.forName(json.string("builder"))
            .asSubclass(PlanBuilder.class)
            .getConstructor()
            .newInstance();
    builder.build(RequestJson.read(json), progress);
  }

  private static void awaitEndOfInput() {
    try (InputStream in = new FileInputStream(FileDescriptor.in)) {
      while (in.read() >= 0) {
        // Nothing is told this way.
      }
    } catch (IOException e) {
      // As if it had ended.
    }
    // Native code that is running knows no other end.
    Runtime.getRuntime().halt(ABANDONED);
  }
}
