package dev.showo2.export.internal.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.model.GraphFile;
import dev.showo2.stage.Stage;
import org.apiguardian.api.API;

/**
 * A graph of a model.
 *
 * @param part as {@link GraphFile} names it
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record StageGraph(Stage stage, String part, Dialect dialect, ModelProto model) {

  /** The name of the graph's file in a bundle, such as {@code vae_video_decoder_next.onnx}. */
  public String fileName() {
    return stage.id()
        + (part.equals(GraphFile.MAIN) ? "" : "_" + part)
        + (dialect == Dialect.PORTABLE ? "" : "_" + dialect.id())
        + ".onnx";
  }
}
