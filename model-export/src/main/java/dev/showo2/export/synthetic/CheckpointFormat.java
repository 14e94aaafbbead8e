package dev.showo2.export.synthetic;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.torch.TorchWriter;
import dev.showo2.model.SafetensorsWriter;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/** The files that a checkpoint's weights are written to. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum CheckpointFormat {
  /** {@code model.safetensors} and {@code vae.safetensors}; a tied matrix is stored in it once. */
  SAFETENSORS("model", ".safetensors", "vae.safetensors") {
    @Override
    WeightSink open(Path file, List<TensorDeclaration> tensors, CheckpointWeights weights)
        throws IOException {
      return WeightSink.of(SafetensorsWriter.create(file, tensors, Map.of()));
    }
  },

  /**
   * {@code pytorch_model.bin} and {@code Wan2.1_VAE.pth}, as the models were released: a tied
   * matrix is stored in it under both names, which share its values.
   */
  BIN("pytorch_model", ".bin", "Wan2.1_VAE.pth") {
    @Override
    WeightSink open(Path file, List<TensorDeclaration> tensors, CheckpointWeights weights)
        throws IOException {
      return WeightSink.of(TorchWriter.create(file, tensors, weights::sharedWith));
    }
  };

  private final String model;
  private final String suffix;
  private final String vae;

  CheckpointFormat(String model, String suffix, String vae) {
    this.model = model;
    this.suffix = suffix;
    this.vae = vae;
  }

  /** The name of a weight file of the model, such as {@code model-00001-of-00002.safetensors}. */
  String modelFile(String part) {
    return model + part + suffix;
  }

  String vaeFile() {
    return vae;
  }

  abstract WeightSink open(Path file, List<TensorDeclaration> tensors, CheckpointWeights weights)
      throws IOException;
}
