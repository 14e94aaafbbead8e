package dev.showo2.export.internal.onnx;

import dev.showo2.model.GraphFile;
import org.apiguardian.api.API;

/** Set of operators that a graph may use. Graphs of all dialects refer to the same weights. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Dialect {
  /** Plain ONNX that TensorRT's parser takes too. */
  PORTABLE(GraphFile.PORTABLE),

  /** ONNX Runtime's own operators where they are faster; plain ONNX elsewhere. */
  ORT(GraphFile.ORT);

  private final String id;

  Dialect(String id) {
    this.id = id;
  }

  /** The name in manifests and on command lines. */
  public String id() {
    return id;
  }
}
