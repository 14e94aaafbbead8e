package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RawArgumentsTest {

  private static byte[] commandLine(String... arguments) {
    return (String.join("\0", arguments) + "\0").getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void chineseIsRestored() {
    String[] seen = {"generate", "\ufffd\ufffd\ufffd red", ""};
    assertArrayEquals(
        new String[] {"generate", "圆 red", ""},
        Main.RawArguments.restore(
            seen, commandLine("java", "-jar", "x.jar", "generate", "圆 red", "")));
  }

  @Test
  void argumentsThatAreNotTheProcessesStay() {
    String[] seen = {"generate", "\ufffd"};
    assertArrayEquals(seen, Main.RawArguments.restore(seen, commandLine("java", "x", "other")));
    assertArrayEquals(seen, Main.RawArguments.restore(seen, commandLine("generate")));
    assertArrayEquals(seen, Main.RawArguments.restore(seen, new byte[] {'g', 0, (byte) 0xff, 0}));
  }
}
