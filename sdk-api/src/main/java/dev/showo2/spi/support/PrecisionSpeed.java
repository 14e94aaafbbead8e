package dev.showo2.spi.support;

import dev.showo2.model.Precision;
import dev.showo2.model.StagePrecisions;
import dev.showo2.spi.Device;
import dev.showo2.stage.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apiguardian.api.API;

/**
 * The measured speed of precisions on a backend and a kind of processor, relative to fp32. The
 * figures are those of a table in this artifact, {@code precision-speed.csv}, which says where each
 * comes from. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PrecisionSpeed {

  private static final String TABLE = "precision-speed.csv";
  private static final int COLUMNS = 7;

  /** Precisions whose results a program may take for those of fp32, the most exact one first. */
  private static final List<Precision> NEARLY_EXACT =
      List.of(Precision.FP32, Precision.FP16, Precision.BF16, Precision.INT8);

  /** A precision that takes a larger share of the time of fp32 gains nothing. */
  private static final double GAIN = 0.9;

  private final String backend;
  private final ProcessorKind processor;
  private final Map<Precision, Row> rows;

  private record Row(
      String backend,
      ProcessorKind processor,
      Precision precision,
      OptionalDouble step,
      OptionalDouble token) {

    static Row parse(String line) {
      String[] cells = line.split(",", COLUMNS);
      if (cells.length != COLUMNS) {
        throw new IllegalStateException(TABLE + " has a line of " + cells.length + " cells");
      }
      return new Row(
          cells[0],
          ProcessorKind.valueOf(cells[1].toUpperCase(Locale.ROOT)),
          Precision.of(cells[2]),
          ratio(cells[3]),
          ratio(cells[4]));
    }

    private static OptionalDouble ratio(String cell) {
      return cell.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(cell));
    }
  }

  private PrecisionSpeed(String backend, ProcessorKind processor, Map<Precision, Row> rows) {
    this.backend = backend;
    this.processor = processor;
    this.rows = Collections.unmodifiableMap(rows);
  }

  /**
   * {@return the figures of a backend on the CPU of this machine}
   *
   * @param backend id of the backend
   */
  public static PrecisionSpeed here(String backend) {
    return of(backend, ProcessorKind.here());
  }

  /**
   * Looks figures up. Where a kind of processor was not measured, those of the next lesser one are
   * taken; where there are none at all, nothing is known.
   *
   * @param backend id of the backend
   * @param processor kind of the processor
   * @return the figures, perhaps none
   */
  public static PrecisionSpeed of(String backend, ProcessorKind processor) {
    List<Row> table = table();
    for (int kind = processor.ordinal(); kind > ProcessorKind.UNKNOWN.ordinal(); kind--) {
      ProcessorKind measured = ProcessorKind.values()[kind];
      Map<Precision, Row> rows = new EnumMap<>(Precision.class);
      table.stream()
          .filter(row -> row.backend.equals(backend) && row.processor == measured)
          .forEach(row -> rows.put(row.precision, row));
      if (!rows.isEmpty()) {
        return new PrecisionSpeed(backend, processor, rows);
      }
    }
    return new PrecisionSpeed(backend, processor, new EnumMap<>(Precision.class));
  }

  private static List<Row> table() {
    try (InputStream file = PrecisionSpeed.class.getResourceAsStream(TABLE)) {
      if (file == null) {
        throw new IllegalStateException("this artifact lacks " + TABLE);
      }
      List<Row> rows = new ArrayList<>();
      new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(line -> rows.add(Row.parse(line)));
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@return the time of a guided step of an image, relative to that in fp32; empty if it is not
   * known}
   *
   * @param precision of backbone and flow head
   */
  public OptionalDouble step(Precision precision) {
    return rows.containsKey(precision) ? rows.get(precision).step : OptionalDouble.empty();
  }

  /**
   * {@return the time of a text token, relative to that in fp32; empty if it is not known}
   *
   * @param precision of backbone and language head
   */
  public OptionalDouble token(Precision precision) {
    return rows.containsKey(precision) ? rows.get(precision).token : OptionalDouble.empty();
  }

  /**
   * {@return the precision that draws images fastest among those that are exact or nearly so: fp32,
   * fp16, bf16 and int8; fp32 where nothing else is known to be faster}
   */
  public Precision fastest() {
    return NEARLY_EXACT.stream()
        .filter(precision -> step(precision).isPresent())
        .min(Comparator.comparingDouble(precision -> step(precision).getAsDouble()))
        .filter(this::gains)
        .orElse(Precision.FP32);
  }

  private boolean gains(Precision precision) {
    return step(precision).getAsDouble() < GAIN;
  }

  /**
   * Warns of a precision in which images take as long as in fp32, or longer, on this processor.
   *
   * @param precisions of a bundle
   * @param device that it runs on; figures are those of the CPU
   * @return the text, for people; empty where the precision gains something or nothing is known
   */
  public Optional<String> warning(StagePrecisions precisions, Device device) {
    if (!device.equals(Device.CPU)) {
      return Optional.empty();
    }
    for (Stage stage : List.of(Stage.BACKBONE, Stage.FLOW_HEAD)) {
      Precision precision = precisions.of(stage);
      if (precision != Precision.FP32 && step(precision).isPresent() && !gains(precision)) {
        return Optional.of(text(stage, precision));
      }
    }
    return Optional.empty();
  }

  private String text(Stage stage, Precision precision) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s is in %s, in which the step of an image takes %.2f of its time in fp32 on this"
                + " processor (%s) with the backend %s",
            stage.id(),
            precision.id(),
            step(precision).getAsDouble(),
            processor.id(),
            backend));
    if (fastest() != precision && fastest() != Precision.FP32) {
      text.append(
          String.format(
              Locale.ROOT, "; %s takes %.2f", fastest().id(), step(fastest()).getAsDouble()));
    }
    token(precision)
        .ifPresent(
            ratio -> text.append(String.format(Locale.ROOT, ". A text token takes %.2f", ratio)));
    return text.toString();
  }
}
