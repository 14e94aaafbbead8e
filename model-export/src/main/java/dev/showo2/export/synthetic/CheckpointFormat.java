package dev.showo2.export.synthetic;

import dev.showo2.export.internal.write.WeightFormat;
import org.apiguardian.api.API;

/** The files that a checkpoint's weights are written to. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum CheckpointFormat {
  /** {@code model.safetensors} and {@code vae.safetensors}; a tied matrix is stored in it once. */
  SAFETENSORS("model", ".safetensors", "vae.safetensors", WeightFormat.SAFETENSORS),

  /**
   * {@code pytorch_model.bin} and {@code Wan2.1_VAE.pth}, as the models were released: a tied
   * matrix is stored in it under both names, which share its values.
   */
  BIN("pytorch_model", ".bin", "Wan2.1_VAE.pth", WeightFormat.TORCH);

  private final String model;
  private final String suffix;
  private final String vae;
  private final WeightFormat format;

  CheckpointFormat(String model, String suffix, String vae, WeightFormat format) {
    this.model = model;
    this.suffix = suffix;
    this.vae = vae;
    this.format = format;
  }

  /** The name of a weight file of the model, such as {@code model-00001-of-00002.safetensors}. */
  String modelFile(String part) {
    return model + part + suffix;
  }

  String vaeFile() {
    return vae;
  }

  WeightFormat format() {
    return format;
  }
}
