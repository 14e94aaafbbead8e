package dev.showo2.samples.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The arguments as UTF-8. In a locale such as C, Java takes arguments for ASCII and puts U+FFFD in
 * the place of every byte of a Chinese prompt; Linux still has the bytes.
 */
final class RawArguments {

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
