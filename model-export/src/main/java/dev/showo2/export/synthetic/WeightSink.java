package dev.showo2.export.synthetic;

import dev.showo2.export.internal.torch.TorchWriter;
import dev.showo2.model.SafetensorsWriter;
import dev.showo2.model.SafetensorsWriter.TensorSource;
import java.io.Closeable;
import java.io.IOException;

/** Writer of the weights of a checkpoint in one format. */
record WeightSink(Writing writing, Finishing finishing, Closeable writer) implements Closeable {

  static WeightSink of(SafetensorsWriter writer) {
    return new WeightSink(writer::write, writer::finish, writer);
  }

  static WeightSink of(TorchWriter writer) {
    return new WeightSink(writer::write, writer::finish, writer);
  }

  /** Writes the next of the declared tensors. */
  void write(String name, TensorSource source) throws IOException {
    writing.write(name, source);
  }

  /** Completes the file. */
  void finish() throws IOException {
    finishing.finish();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  /** Writes one tensor in the format. */
  @FunctionalInterface
  interface Writing {
    void write(String name, TensorSource source) throws IOException;
  }

  /** Completes the file of a format. */
  @FunctionalInterface
  interface Finishing {
    void finish() throws IOException;
  }
}
