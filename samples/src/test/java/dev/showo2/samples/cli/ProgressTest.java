package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {

  /** A bar that is longer than the line leaves a line behind each time it is drawn. */
  @ParameterizedTest
  @ValueSource(ints = {30, 40, 60, 79, 80, 200})
  void aBarFitsIntoItsTerminal(int columns) {
    StringWriter err = new StringWriter();
    CliContext context =
        new CliContext(
            InputStream.nullInputStream(),
            new PrintWriter(new StringWriter()),
            new PrintWriter(err),
            false,
            true,
            true,
            false,
            () -> Path.of("cache"));
    try (Progress.BarProgress bar =
        new Progress.BarProgress(context, "writing", Progress.Unit.BYTES, 12L << 30, columns)) {
      bar.at("backbone.safetensors");
      bar.to(6L << 30);
    }
    for (String drawn : err.toString().strip().split("\r")) {
      assertTrue(drawn.strip().length() < columns, drawn);
    }
    assertTrue(err.toString().contains("writing"), err.toString());
  }

  @ParameterizedTest
  @CsvSource({"24 132, 132", "24 0, 80", "'', 80", "stty: no terminal, 80", "' 50 40 ', 40"})
  void theWidthIsThatOfTheTerminal(String size, int columns) {
    assertEquals(columns, Terminal.columns(size));
  }
}
