package dev.showo2.backend.tensorrt;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.TensorInfo;
import dev.showo2.model.internal.FloatDecoding;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The rows of the embedding matrix, read from the bundle's file as they are asked for. TensorRT has
 * no look-up in 8-bit integers, and the GPU would hold the largest matrix of the model for a few
 * rows of a prompt. Thread-safe.
 *
 * @param scales of the rows of an 8-bit matrix, else null
 */
record EmbeddingRows(Path file, TensorInfo matrix, float[] scales) {

  private static final String KEY = "showo.model.embed_tokens.weight";

  /**
   * @return empty if the bundle has no such matrix
   * @throws InvalidModelException if it is not one of this architecture
   */
  static Optional<EmbeddingRows> find(Bundle bundle) {
    for (BundleFile listed : bundle.manifest().files()) {
      if (listed.name().endsWith(".safetensors")) {
        try (SafetensorsFile file =
            SafetensorsFile.open(bundle.directory().resolve(listed.name()))) {
          if (file.tensors().containsKey(KEY)) {
            return Optional.of(of(file, bundle.architecture().backbone()));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static EmbeddingRows of(SafetensorsFile file, Architecture.Decoder sizes) {
    TensorInfo matrix = file.tensor(KEY);
    Shape expected = Shape.of(sizes.vocabularySize(), sizes.hiddenSize());
    float[] scales =
        matrix.type() == ElementType.INT8 ? file.readFloats(KEY + "_scale").values() : null;
    if (!matrix.shape().equals(expected)
        || scales != null && scales.length != sizes.vocabularySize()) {
      throw new InvalidModelException(
          "the weight '"
              + KEY
              + "' of "
              + file.path()
              + " has the shape "
              + matrix.shape()
              + ", needed is "
              + expected
              + "; export the checkpoint again");
    }
    return new EmbeddingRows(file.path(), matrix, scales);
  }

  /** Writes a row for each id, one behind the other. */
  void read(int[] ids, FloatBuffer target) {
    int columns = Math.toIntExact(matrix.shape().dimension(1));
    int rowBytes = Math.toIntExact(matrix.byteLength() / matrix.shape().dimension(0));
    TensorInfo row = new TensorInfo(matrix.name(), matrix.type(), Shape.of(columns), 0, rowBytes);
    ByteBuffer bytes = ByteBuffer.allocate(rowBytes).order(ByteOrder.LITTLE_ENDIAN);
    // For each call, since an interrupt closes a channel for good.
    try (FileChannel channel = FileChannel.open(file)) {
      for (int id : ids) {
        long start = matrix.offset() + (long) id * rowBytes;
        bytes.clear();
        while (bytes.hasRemaining()) {
          if (channel.read(bytes, start + bytes.position()) < 0) {
            throw new InvalidModelException(
                file + " was truncated after it was opened; get the file again");
          }
        }
        bytes.flip();
        if (scales == null) {
          target.put(FloatDecoding.decode(bytes, row));
        } else {
          while (bytes.hasRemaining()) {
            target.put(bytes.get() * scales[id]);
          }
        }
      }
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e, () -> new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e));
    }
  }
}
