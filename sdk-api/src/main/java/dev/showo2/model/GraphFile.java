package dev.showo2.model;

import dev.showo2.stage.Stage;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * An ONNX graph of a bundle. Immutable and thread-safe.
 *
 * @param stage the stage that it computes
 * @param part which of the stage's graphs it is: {@link #MAIN} where there is one, {@link #FIRST}
 *     and {@link #NEXT} for the first chunk of a stream and the later ones
 * @param dialect which operators it uses: {@link #PORTABLE} or {@link #ORT}
 * @param file plain file name within the bundle's directory
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GraphFile(Stage stage, String part, String dialect, String file) {

  /** The only graph of its stage. */
  public static final String MAIN = "main";

  /** The graph for the first chunk of a stream, which has no cache as input. */
  public static final String FIRST = "first";

  /**
   * The graph for any later chunk of a stream; takes the cache that the previous chunk returned.
   */
  public static final String NEXT = "next";

  /** Plain ONNX operators, for any engine. */
  public static final String PORTABLE = "portable";

  /**
   * Operators of ONNX Runtime's own domain, for that engine only; for stages without such a graph
   * it uses the portable one.
   */
  public static final String ORT = "ort";

  /**
   * Describes a graph; the values are not checked here, but where a manifest is read.
   *
   * @param stage the stage that it computes
   * @param part {@link #MAIN}, {@link #FIRST} or {@link #NEXT}
   * @param dialect {@link #PORTABLE} or {@link #ORT}
   * @param file plain file name within the bundle's directory
   */
  public GraphFile {
    Objects.requireNonNull(stage, "stage");
    Objects.requireNonNull(part, "part");
    Objects.requireNonNull(dialect, "dialect");
    Objects.requireNonNull(file, "file");
  }

  /**
   * Describes the only graph of a stage.
   *
   * @param stage the stage that it computes
   * @param dialect {@link #PORTABLE} or {@link #ORT}
   * @param file plain file name within the bundle's directory
   */
  public GraphFile(Stage stage, String dialect, String file) {
    this(stage, MAIN, dialect, file);
  }
}
