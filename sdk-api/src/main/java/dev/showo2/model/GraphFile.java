package dev.showo2.model;

import dev.showo2.stage.Stage;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * An ONNX graph of a bundle.
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

  /** The first chunk of a stream: takes no past. */
  public static final String FIRST = "first";

  /** Any later chunk of a stream: takes the past that the chunk before it left. */
  public static final String NEXT = "next";

  /** Plain ONNX operators, for any engine. */
  public static final String PORTABLE = "portable";

  /** With ONNX Runtime's own operators, for that engine only; stages without one are portable. */
  public static final String ORT = "ort";

  public GraphFile {
    Objects.requireNonNull(stage, "stage");
    Objects.requireNonNull(part, "part");
    Objects.requireNonNull(dialect, "dialect");
    Objects.requireNonNull(file, "file");
  }

  /** The only graph of a stage. */
  public GraphFile(Stage stage, String dialect, String file) {
    this(stage, MAIN, dialect, file);
  }
}
