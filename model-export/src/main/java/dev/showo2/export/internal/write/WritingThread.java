package dev.showo2.export.internal.write;

import dev.showo2.error.CancelledException;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.model.SafetensorsWriter.TensorSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Hashes and writes chunks of a tensor on a thread of its own, while the next ones are read and
 * quantized. A few buffers go round: whoever is faster waits. Not thread-safe, beside its own.
 */
final class WritingThread implements AutoCloseable {

  private static final int BUFFERS = 4;

  private final BlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(BUFFERS);
  private final BlockingQueue<Piece> full = new ArrayBlockingQueue<>(BUFFERS);
  private final Thread thread = new Thread(this::work, "showo2-export-writing");
  private volatile Throwable failure;

  private record Piece(ByteBuffer bytes, TensorSink sink) {}

  WritingThread() {
    for (int i = 0; i < BUFFERS; i++) {
      free.add(ByteBuffer.allocate(TensorSink.MAX_CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN));
    }
    thread.setDaemon(true);
    thread.start();
  }

  /** Once a piece has failed, those behind it are dropped: nobody waits for ever. */
  private void work() {
    try {
      while (true) {
        Piece piece = full.take();
        if (failure == null) {
          write(piece);
        }
        free.put(piece.bytes.clear());
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private void write(Piece piece) {
    try {
      piece.sink.accept(piece.bytes);
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
    }
  }

  /**
   * A source of the same values that gives them to its sink on this thread, and returns when all
   * have got there.
   */
  TensorSource writing(TensorSource source) {
    return sink -> {
      source.writeTo(chunk -> hand(chunk, sink));
      drain();
    };
  }

  private void hand(ByteBuffer chunk, TensorSink sink) throws IOException {
    throwFailure();
    try {
      ByteBuffer copy = free.take();
      full.put(new Piece(copy.put(chunk).flip(), sink));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** All buffers are free when all chunks are written. */
  private void drain() throws IOException {
    try {
      List<ByteBuffer> all = new ArrayList<>();
      for (int i = 0; i < BUFFERS; i++) {
        all.add(free.take());
      }
      free.addAll(all);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    throwFailure();
  }

  private void throwFailure() throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  private static CancelledException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new CancelledException("interrupted while writing", cause);
  }

  /** Ends the thread: once this returns, it writes nothing any more. */
  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
