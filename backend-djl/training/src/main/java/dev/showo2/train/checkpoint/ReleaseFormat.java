package dev.showo2.train.checkpoint;

import dev.showo2.export.internal.write.WeightFormat;
import org.apiguardian.api.API;

/**
 * Formats of the model's weight files, with the names by which the official code finds them. The
 * index of several files has diffusers' name, {@code diffusion_pytorch_model.*.index.json}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum ReleaseFormat {
  /**
   * {@code pytorch_model.safetensors}; a tied matrix is stored under both of its names, and so
   * twice.
   */
  SAFETENSORS(".safetensors", WeightFormat.SAFETENSORS),

  /**
   * {@code pytorch_model.bin}, a state dict that {@code torch.load(file, weights_only=True)} reads;
   * a tied matrix is stored once, under both of its names.
   */
  TORCH(".bin", WeightFormat.TORCH);

  private final String suffix;
  private final WeightFormat files;

  ReleaseFormat(String suffix, WeightFormat files) {
    this.suffix = suffix;
    this.files = files;
  }

  WeightFormat files() {
    return files;
  }

  /** The name of a weight file, such as {@code pytorch_model-00001-of-00002.bin}. */
  String modelFile(String part) {
    return "pytorch_model" + part + suffix;
  }

  String indexFile() {
    return "diffusion_pytorch_model" + suffix + ".index.json";
  }
}
