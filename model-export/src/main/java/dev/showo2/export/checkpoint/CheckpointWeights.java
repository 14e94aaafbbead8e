package dev.showo2.export.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.internal.checkpoint.FloatConversion;
import dev.showo2.export.internal.checkpoint.TensorDigest;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * The tensors of a checkpoint by key, whatever files they are in. Opening reads only the
 * description; values stream from disk, so memory does not grow with the model.
 *
 * <p>Implementations are thread-safe. An interrupted thread ends its reading with {@link
 * dev.showo2.error.CancelledException} and leaves the file closed for all threads. Every method
 * that takes a name throws {@link InvalidModelException} if there is no tensor of this name.
 * Reading from closed weights throws {@link IllegalStateException}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface CheckpointWeights extends AutoCloseable {

  /** {@return all keys, in the order of the checkpoint} Unmodifiable. */
  Set<String> names();

  /**
   * Returns the shape of a tensor.
   *
   * @param name one of {@link #names}
   * @return dimensions as the checkpoint has them
   */
  Shape shape(String name);

  /**
   * {@return the type in which the values are stored and {@link #read} gives them}
   *
   * @param name one of {@link #names}
   */
  ElementType type(String name);

  /**
   * Which tensor this one shares its memory with: the first of {@link #names} that is a view of the
   * same values with the same type and shape, {@code name} itself if there is none before it.
   * Tensors that only happen to have equal values are not found; see {@link #sameValues}.
   *
   * @param name one of {@link #names}
   * @return the name of that tensor
   */
  String sharedWith(String name);

  /**
   * Streams all values of a tensor. Damage may be noticed only at the end: nothing that the sink
   * got may be relied on before this method has returned.
   *
   * @param name one of {@link #names}
   * @param sink receives the values in their order
   * @throws InvalidModelException if the file is damaged or cannot be read
   * @throws IOException only if the sink throws it
   */
  void read(String name, TensorSink sink) throws IOException;

  /**
   * Reads a floating-point tensor of any type into memory as 32-bit floats.
   *
   * @param name one of {@link #names}
   * @return the values, converted to 32-bit floats
   * @throws InvalidModelException if it holds integers, has 2<sup>31</sup> elements or more, or is
   *     damaged
   */
  default HostTensor readFloats(String name) {
    return FloatConversion.readAll(this, name);
  }

  /**
   * {@return whether two tensors agree in type, shape and every byte} Reads both, unless they share
   * memory.
   *
   * @param first one of {@link #names}
   * @param second one of {@link #names}
   * @throws InvalidModelException if one is damaged
   */
  default boolean sameValues(String first, String second) {
    return TensorDigest.same(this, first, second);
  }

  /**
   * {@return the tensors of the checkpoint that are not among {@link #names}, because no {@link
   * ElementType} describes their elements: the type of each by key, as the file spells it, such as
   * {@code F8_E4M3}} Unmodifiable; empty by default.
   */
  default Map<String, String> unreadable() {
    return Map.of();
  }

  /** Closes the files. A second call does nothing. */
  @Override
  void close();
}
