package dev.showo2.export.internal.torch;

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
public final class TorchFileBuilder {

  private final Map<String, byte[]> storages = new LinkedHashMap<>();
  private final TestStateDictPickle stateDict;
  private byte[] pickle;
  private String byteOrder = "little";
  private boolean wide;

  public TorchFileBuilder() {
    this(2, false);
  }

  public TorchFileBuilder(int protocol, boolean ordered) {
    stateDict = new TestStateDictPickle(protocol, ordered);
  }

  /** A file whose pickle is exactly this. */
  public static TorchFileBuilder ofPickle(byte[] pickle) {
    TorchFileBuilder builder = new TorchFileBuilder();
    builder.pickle = pickle;
    return builder;
  }

  public static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  public TorchFileBuilder byteOrder(String order) {
    byteOrder = order;
    return this;
  }

  public TorchFileBuilder zip64() {
    wide = true;
    return this;
  }

  public TorchFileBuilder storage(String key, byte... bytes) {
    storages.put(key, bytes);
    return this;
  }

  /** A tensor with a storage of its own. */
  public TorchFileBuilder tensor(String name, ElementType type, byte[] bytes, long... shape) {
    String key = Integer.toString(storages.size());
    return storage(key, bytes).view(name, type, key, TestStateDictPickle.View.contiguous(shape));
  }

  public TorchFileBuilder floats(String name, float[] values, long... shape) {
    return tensor(name, ElementType.FLOAT32, floats(values), shape);
  }

  /** A tensor over a storage that was added before. */
  public TorchFileBuilder view(
      String name, ElementType type, String key, TestStateDictPickle.View view) {
    return view(name, type, key, storages.get(key).length / type.byteSize(), view);
  }

  public TorchFileBuilder view(
      String name, ElementType type, String key, long count, TestStateDictPickle.View view) {
    stateDict.tensor(name, new TestStateDictPickle.Storage(key, type, count), view);
    return this;
  }

  public TorchFileBuilder parameter(String name, String key, TestStateDictPickle.View view) {
    long count = storages.get(key).length / 4;
    stateDict.parameter(
        name, new TestStateDictPickle.Storage(key, ElementType.FLOAT32, count), view);
    return this;
  }

  public byte[] toBytes() {
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

  public Path write(Path file) {
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
