package dev.showo2.samples.cli;

import java.io.IOException;
import java.util.Optional;

/** Where the lines of a chat come from. For one thread. */
interface ChatInput extends AutoCloseable {

  /**
   * The next line, without its end; none when there will be no more.
   *
   * @throws dev.showo2.error.CancelledException if the process is about to end
   */
  Optional<String> next() throws IOException;

  @Override
  void close() throws IOException;
}
