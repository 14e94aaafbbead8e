package dev.showo2.model;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import org.apiguardian.api.API;

/**
 * The entry of one tensor in the header of a safetensors file. Immutable and thread-safe.
 *
 * @param name of the tensor
 * @param type the storage type of the elements
 * @param shape the sizes of the axes, outermost first
 * @param offset of its first byte from the start of the file
 * @param byteLength of its values, little-endian and row-major
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TensorInfo(
    String name, ElementType type, Shape shape, long offset, long byteLength) {}
