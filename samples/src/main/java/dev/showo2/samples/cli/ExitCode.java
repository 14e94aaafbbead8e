package dev.showo2.samples.cli;

/** The meanings of the program's exit status; {@code --help} lists the same. */
final class ExitCode {

  static final int OK = 0;

  /**
   * The work failed; for {@code verify}, {@code conformance} and {@code inspect} also: a check
   * failed, or none passed.
   */
  static final int FAILED = 1;

  /** What was asked for is not valid. */
  static final int USAGE = 2;

  /** What shells give for a program that was interrupted. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
