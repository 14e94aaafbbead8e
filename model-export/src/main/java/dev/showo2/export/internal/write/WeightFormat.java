package dev.showo2.export.internal.write;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.torch.TorchWriter;
import dev.showo2.model.SafetensorsWriter;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.model.SafetensorsWriter.TensorSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/** Formats of the weight files of a checkpoint. */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum WeightFormat {
  /** Every tensor has values of its own. */
  SAFETENSORS {
    @Override
    Writer create(Path file, List<TensorDeclaration> tensors, CheckpointWeights weights)
        throws IOException {
      SafetensorsWriter writer = SafetensorsWriter.create(file, tensors, METADATA);
      return new Writer(writer::write, writer::finish, writer);
    }
  },

  /** A state dict in torch's zip format, in which two tensors may share their values. */
  TORCH {
    @Override
    Writer create(Path file, List<TensorDeclaration> tensors, CheckpointWeights weights)
        throws IOException {
      TorchWriter writer = TorchWriter.create(file, tensors, weights::sharedWith);
      return new Writer(writer::write, writer::finish, writer);
    }
  };

  /** Without it Hugging Face's transformers refuse a file. */
  private static final Map<String, String> METADATA = Map.of("format", "pt");

  abstract Writer create(Path file, List<TensorDeclaration> tensors, CheckpointWeights weights)
      throws IOException;

  /** A file that is being written. */
  record Writer(Writing writing, Finishing finishing, Closeable file) implements Closeable {

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
      file.close();
    }
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
