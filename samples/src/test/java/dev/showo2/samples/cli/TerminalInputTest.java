package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.pipeline.GenerationListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody types. */
@Timeout(60)
class TerminalInputTest {

  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private final Answering answering = new Answering();
  private LineDisciplineTerminal terminal;
  @AutoClose private ChatInput.TerminalInput input;

  @BeforeEach
  void open() throws IOException {
    terminal = new LineDisciplineTerminal("test", "xterm", screen, StandardCharsets.UTF_8);
    terminal.setSize(new Size(80, 24));
    input = new ChatInput.TerminalInput(terminal, answering);
  }

  private void type(String keys) throws IOException {
    terminal.processInputBytes(keys.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void linesAreEditedAndKept() throws IOException {
    type("Hello!!\177\r");
    assertEquals(Optional.of("Hello!"), input.next());
    type("\033OA\r");
    assertEquals(Optional.of("Hello!"), input.next());
    type("这是什么?\r");
    assertEquals(Optional.of("这是什么?"), input.next());
    type("\004");
    assertEquals(Optional.empty(), input.next());
  }

  @Test
  void interruptOfAnAnswerEndsItAlone() {
    assertThrows(
        CancelledException.class,
        () ->
            answering.run(
                GenerationListener.NONE,
                listener -> {
                  assertFalse(listener.cancelled());
                  terminal.raise(Terminal.Signal.INT);
                  assertTrue(listener.cancelled());
                  throw new CancelledException("as pipelines do");
                }));
    // Nothing is answered now.
    terminal.raise(Terminal.Signal.INT);
    assertFalse(answering.cancel());
  }
}
