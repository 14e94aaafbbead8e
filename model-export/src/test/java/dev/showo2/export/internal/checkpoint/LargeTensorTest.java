package dev.showo2.export.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.io.ChunkedReading;
import dev.showo2.export.internal.torch.StoredZipWriter;
import dev.showo2.export.internal.torch.TestStateDictPickle;
import dev.showo2.model.SafetensorsWriter;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.model.TensorInfo;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tensors of the 7B model at full size, in files with holes. What a thread allocates while it reads
 * is counted: it stays below a few chunks, whether the tensor has 136 MB or 1.1 GB.
 */
class LargeTensorTest {

  private static final String EMBEDDING = "showo.model.embed_tokens.weight";
  private static final Shape EMBEDDING_SHAPE = Shape.of(151_669, 3584);
  private static final String GATE = "showo.model.layers.0.mlp.gate_proj.weight";
  private static final Shape GATE_SHAPE = Shape.of(18_944, 3584);
  private static final long MAX_ALLOCATED_BYTES = 4L * TensorSink.MAX_CHUNK_BYTES;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  @Test
  void safetensorsStreamThroughOneBuffer() throws IOException {
    Path file = folder.resolve("model.safetensors");
    List<TensorDeclaration> tensors =
        List.of(
            new TensorDeclaration(EMBEDDING, ElementType.BFLOAT16, EMBEDDING_SHAPE),
            new TensorDeclaration(GATE, ElementType.BFLOAT16, GATE_SHAPE));
    // The header alone; the values are holes but for the last of each tensor.
    try (SafetensorsWriter header = SafetensorsWriter.create(file, tensors, Map.of());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (TensorInfo tensor : header.layout().values()) {
        long end = tensor.offset() + tensor.byteLength();
        channel.write(ByteBuffer.wrap(new byte[] {(byte) 0x80, 0x3f}), end - 2);
      }
    }
    try (CheckpointWeights weights = Checkpoints.open(file)) {
      assertStreams(weights, GATE, GATE_SHAPE);
      assertStreams(weights, EMBEDDING, EMBEDDING_SHAPE);
    }
  }

  /** With the checksum that the zip format keeps of every tensor. */
  @Test
  void torchFilesStreamThroughOneBuffer() throws IOException {
    Path file = folder.resolve("pytorch_model.bin");
    long count = GATE_SHAPE.elementCount();
    TestStateDictPickle pickle = new TestStateDictPickle(2, true);
    pickle.tensor(
        GATE,
        new TestStateDictPickle.Storage("0", ElementType.BFLOAT16, count),
        TestStateDictPickle.View.contiguous(GATE_SHAPE.toArray()));
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        OutputStream out = new HoleWriter(channel)) {
      StoredZipWriter zip = new StoredZipWriter(out, true);
      zip.entry("model/data.pkl", sink -> sink.accept(ByteBuffer.wrap(pickle.finish())));
      zip.entry(
          "model/data/0",
          sink -> {
            for (long rest = 2 * count - 2; rest > 0; rest -= TensorSink.MAX_CHUNK_BYTES) {
              sink.accept(ByteBuffer.allocate((int) Math.min(rest, TensorSink.MAX_CHUNK_BYTES)));
            }
            sink.accept(ByteBuffer.wrap(new byte[] {(byte) 0x80, 0x3f}));
          });
      zip.finish();
    }
    try (CheckpointWeights weights = Checkpoints.open(file)) {
      assertStreams(weights, GATE, GATE_SHAPE);
    }
  }

  /** Every value is 0 but the last, which is 1; as stored and, the smaller one, as floats. */
  private static void assertStreams(CheckpointWeights weights, String name, Shape shape)
      throws IOException {
    assertEquals(shape, weights.shape(name));
    assertEquals(ElementType.BFLOAT16, weights.type(name));
    ChunkedReading stored = new ChunkedReading();
    assertAllocatesLittle(() -> weights.read(name, stored));
    assertEquals(2 * shape.elementCount(), stored.total);
    assertEquals(TensorSink.MAX_CHUNK_BYTES, stored.largest);
    assertEquals(0x3f80_0000, stored.last);
    if (name.equals(GATE)) {
      ChunkedReading floats = new ChunkedReading();
      assertAllocatesLittle(
          () -> weights.read(name, FloatConversion.toFloat32(name, weights.type(name), floats)));
      assertEquals(4 * shape.elementCount(), floats.total);
      assertEquals(TensorSink.MAX_CHUNK_BYTES, floats.largest);
      assertEquals(1f, Float.intBitsToFloat(floats.last));
    }
  }

  private interface Reading {
    void run() throws IOException;
  }

  private static void assertAllocatesLittle(Reading reading) throws IOException {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    reading.run();
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < MAX_ALLOCATED_BYTES, () -> "allocated " + allocated + " bytes");
  }

  /** Counts what comes, and keeps nothing of it. */
  private static final class ChunkedReading implements TensorSink {

    private long total;
    private int largest;
    private int last;

    @Override
    public void accept(ByteBuffer chunk) {
      total += chunk.remaining();
      largest = Math.max(largest, chunk.remaining());
      last = chunk.getInt(chunk.limit() - Integer.BYTES);
    }
  }

  /** Leaves out what is as long as a chunk: those of the test hold zeros. */
  private static final class HoleWriter extends OutputStream {

    private final FileChannel channel;

    HoleWriter(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length == TensorSink.MAX_CHUNK_BYTES) {
        channel.position(channel.position() + length);
      } else {
        channel.write(ByteBuffer.wrap(bytes, offset, length));
      }
    }
  }
}
