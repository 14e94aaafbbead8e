package dev.showo2.samples.cli;

import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** The width and height of an image. */
final class SizeOptions {

  @Option(
      names = "--width",
      paramLabel = "W",
      description = "In pixels; few models draw other sizes than their own.")
  private Integer width;

  @Option(names = "--height", paramLabel = "H", description = "In pixels.")
  private Integer height;

  OptionalInt width() {
    return optional(width);
  }

  OptionalInt height() {
    return optional(height);
  }

  private static OptionalInt optional(Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }
}
