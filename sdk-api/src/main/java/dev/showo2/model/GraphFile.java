package dev.showo2.model;

import dev.showo2.stage.Stage;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * An ONNX graph of a bundle.
 *
 * @param stage the stage that it computes
 * @param dialect which operators it uses: {@code portable} for plain ONNX
 * @param file plain file name within the bundle's directory
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GraphFile(Stage stage, String dialect, String file) {

  /** Plain ONNX operators, for any engine. */
  public static final String PORTABLE = "portable";

  public GraphFile {
    Objects.requireNonNull(stage, "stage");
    Objects.requireNonNull(dialect, "dialect");
    Objects.requireNonNull(file, "file");
  }
}
