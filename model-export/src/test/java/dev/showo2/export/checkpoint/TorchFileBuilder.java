package dev.showo2.export.checkpoint;

import dev.showo2.tensor.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Builds a file as torch.save writes it, with storages and tensors of the test's choice. */
final class TorchFileBuilder {

  private final Map<String, byte[]> storages = new LinkedHashMap<>();
  private final StateDictPickle stateDict;
  private byte[] pickle;
  private String byteOrder = "little";
  private boolean wide;

  TorchFileBuilder() {
    this(2, false);
  }

  TorchFileBuilder(int protocol, boolean ordered) {
    stateDict = new StateDictPickle(protocol, ordered);
  }

  /** A file whose pickle is exactly this. */
  static TorchFileBuilder ofPickle(byte[] pickle) {
    TorchFileBuilder builder = new TorchFileBuilder();
    builder.pickle = pickle;
    return builder;
  }

  static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  TorchFileBuilder byteOrder(String order) {
    byteOrder = order;
    return this;
  }

  TorchFileBuilder zip64() {
    wide = true;
    return this;
  }

  TorchFileBuilder storage(String key, byte... bytes) {
    storages.put(key, bytes);
    return this;
  }

  /** A tensor with a storage of its own. */
  TorchFileBuilder tensor(String name, ElementType type, byte[] bytes, long... shape) {
    String key = Integer.toString(storages.size());
    return storage(key, bytes).view(name, type, key, StateDictPickle.View.contiguous(shape));
  }

  TorchFileBuilder floats(String name, float[] values, long... shape) {
    return tensor(name, ElementType.FLOAT32, floats(values), shape);
  }

  /** A tensor over a storage that was added before. */
  TorchFileBuilder view(String name, ElementType type, String key, StateDictPickle.View view) {
    return view(name, type, key, storages.get(key).length / type.byteSize(), view);
  }

  TorchFileBuilder view(
      String name, ElementType type, String key, long count, StateDictPickle.View view) {
    stateDict.tensor(name, new StateDictPickle.Storage(key, type, count), view);
    return this;
  }

  TorchFileBuilder parameter(String name, String key, StateDictPickle.View view) {
    long count = storages.get(key).length / 4;
    stateDict.parameter(name, new StateDictPickle.Storage(key, ElementType.FLOAT32, count), view);
    return this;
  }

  byte[] toBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      StoredZipWriter zip = new StoredZipWriter(out, wide);
      entry(zip, "model/data.pkl", pickle == null ? stateDict.finish() : pickle);
      entry(zip, "model/byteorder", byteOrder.getBytes(StandardCharsets.US_ASCII));
      for (Map.Entry<String, byte[]> storage : storages.entrySet()) {
        entry(zip, "model/data/" + storage.getKey(), storage.getValue());
      }
      entry(zip, "model/version", "3\n".getBytes(StandardCharsets.US_ASCII));
      zip.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  Path write(Path file) {
    try {
      return Files.write(file, toBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void entry(StoredZipWriter zip, String name, byte[] bytes) throws IOException {
    zip.entry(name, sink -> sink.accept(ByteBuffer.wrap(bytes)));
  }
}
