package dev.showo2.export.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.export.internal.calibration.ErrorLimits;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.Precision;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The limits that the README tells are those of the code. */
class LimitTablesTest {

  private static final Path README = Path.of("README.md");

  private static final Map<Precision, WeightEncoding> ENCODINGS =
      Map.of(
          Precision.FP16, WeightEncoding.FLOAT16,
          Precision.BF16, WeightEncoding.BFLOAT16,
          Precision.INT8, WeightEncoding.INT8,
          Precision.INT4, WeightEncoding.INT4);

  @Test
  void ofLayers() throws IOException {
    List<String> rows =
        Stream.of(Precision.values())
            .filter(ENCODINGS::containsKey)
            .map(precision -> row(precision, ErrorLimits.of(ENCODINGS.get(precision))))
            .toList();
    assertEquals(rows, tableAfter("| weight of the layer |"));
  }

  @Test
  void ofStages() throws IOException {
    List<String> rows =
        Stream.of(Precision.values())
            .map(precision -> row(precision, StageLimit.of(precision).relativeRms()))
            .toList();
    assertEquals(rows, tableAfter("| precision of the stage |"));
  }

  private static String row(Precision precision, ErrorLimits limits) {
    return row(precision, limits.overall(), limits.worstToken());
  }

  private static String row(Precision precision, double... figures) {
    StringBuilder row = new StringBuilder("| `" + precision.id() + "` |");
    for (double figure : figures) {
      row.append(' ').append(new BigDecimal(Double.toString(figure)).toPlainString()).append(" |");
    }
    return row.toString();
  }

  /** The rows of the table that starts so, without the two of its head. */
  private static List<String> tableAfter(String head) throws IOException {
    return Files.readAllLines(README).stream()
        .dropWhile(line -> !line.startsWith(head))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .toList();
  }
}
