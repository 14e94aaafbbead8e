package dev.showo2.export.internal.onnx;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import org.apiguardian.api.API;

/**
 * Byte range of a weight in the bundle.
 *
 * @param file plain name of a file beside the graph
 * @param offset of the first byte in that file
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record WeightLocation(
    String file, ElementType type, Shape shape, long offset, long byteLength) {}
