package dev.showo2.export.synthetic;

import dev.showo2.export.checkpoint.SafetensorsWriter;
import dev.showo2.export.checkpoint.TensorSource;
import dev.showo2.export.torch.TorchWriter;
import java.io.Closeable;
import java.io.IOException;

/** What the writers of all formats have in common. */
interface WeightSink extends Closeable {

  /** Writes the next of the declared tensors. */
  void write(String name, TensorSource source) throws IOException;

  /** Completes the file. */
  void finish() throws IOException;

  static WeightSink of(SafetensorsWriter writer) {
    return new WeightSink() {
      @Override
      public void write(String name, TensorSource source) throws IOException {
        writer.write(name, source);
      }

      @Override
      public void finish() throws IOException {
        writer.finish();
      }

      @Override
      public void close() throws IOException {
        writer.close();
      }
    };
  }

  static WeightSink of(TorchWriter writer) {
    return new WeightSink() {
      @Override
      public void write(String name, TensorSource source) throws IOException {
        writer.write(name, source);
      }

      @Override
      public void finish() throws IOException {
        writer.finish();
      }

      @Override
      public void close() throws IOException {
        writer.close();
      }
    };
  }
}
