package dev.showo2.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Parameters of an export.
 *
 * <p>Folders may be those of Hugging Face's cache: {@code models--ORG--NAME} or one of its
 * snapshots.
 *
 * @param checkpoint folder with {@code config.json} and the weights of the model, a {@code
 *     checkpoint-N} of the official training scripts, or the weights' file beside its {@code
 *     config.json}
 * @param bundle folder that will hold the bundle; must not exist, or be empty
 * @param vae file of the VAE, or a folder with {@code Wan2.1_VAE.pth}, where it does not lie in the
 *     checkpoint's folder
 * @param tokenizer {@code tokenizer.json} of the backbone, or its folder, where it does not lie in
 *     the checkpoint's folder
 * @param adapters folders of LoRA adapters in the format of PEFT, merged into the model's weights
 *     one after the other; unmodifiable
 * @param precision of each part of the model
 * @param target id of the backend that is to run the bundle and checks it; empty for the one that a
 *     program would get
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ExportRequest(
    Path checkpoint,
    Path bundle,
    Optional<Path> vae,
    Optional<Path> tokenizer,
    List<Path> adapters,
    ExportPrecision precision,
    Optional<String> target) {

  /**
   * Validates the components.
   *
   * @param checkpoint folder with {@code config.json} and the weights of the model, a {@code
   *     checkpoint-N} of the official training scripts, or the weights' file beside its {@code
   *     config.json}
   * @param bundle folder that will hold the bundle; must not exist, or be empty
   * @param vae file of the VAE, or a folder with {@code Wan2.1_VAE.pth}, where it does not lie in
   *     the checkpoint's folder
   * @param tokenizer {@code tokenizer.json} of the backbone, or its folder, where it does not lie
   *     in the checkpoint's folder
   * @param adapters folders of LoRA adapters in the format of PEFT, merged into the model's weights
   *     one after the other; unmodifiable
   * @param precision of each part of the model
   * @param target id of the backend that is to run the bundle and checks it; empty for the one that
   *     a program would get
   */
  public ExportRequest {
    Objects.requireNonNull(checkpoint, "checkpoint");
    Objects.requireNonNull(bundle, "bundle");
    Objects.requireNonNull(vae, "vae");
    Objects.requireNonNull(tokenizer, "tokenizer");
    adapters = List.copyOf(adapters);
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(target, "target");
  }

  /**
   * A checkpoint as it is, without adapters, in 32-bit floats, for any backend.
   *
   * @param checkpoint the folder of the checkpoint
   * @param bundle the folder of the new bundle
   * @param vae the weights of the VAE, if they are not in the folder
   * @param tokenizer the tokenizer file, if it is not in the folder
   */
  public ExportRequest(Path checkpoint, Path bundle, Optional<Path> vae, Optional<Path> tokenizer) {
    this(checkpoint, bundle, vae, tokenizer, List.of(), ExportPrecision.FP32, Optional.empty());
  }

  /**
   * {@return a request for a checkpoint whose folder holds everything, as it is, in 32-bit floats,
   * for any backend}
   *
   * @param checkpoint the folder of the checkpoint
   * @param bundle the folder of the new bundle
   */
  public static ExportRequest of(Path checkpoint, Path bundle) {
    return new ExportRequest(checkpoint, bundle, Optional.empty(), Optional.empty());
  }

  /**
   * {@return the same request with one more adapter, merged after those before it}
   *
   * @param folder with {@code adapter_config.json} and {@code adapter_model.safetensors} or {@code
   *     adapter_model.bin}
   */
  public ExportRequest withAdapter(Path folder) {
    List<Path> all = new ArrayList<>(adapters);
    all.add(folder);
    return new ExportRequest(checkpoint, bundle, vae, tokenizer, all, precision, target);
  }

  /**
   * {@return the same request in another precision}
   *
   * @param other the one that takes its place
   */
  public ExportRequest withPrecision(ExportPrecision other) {
    return new ExportRequest(checkpoint, bundle, vae, tokenizer, adapters, other, target);
  }

  /**
   * {@return the same request for one backend}
   *
   * @param backend id of the backend
   */
  public ExportRequest withTarget(String backend) {
    return new ExportRequest(
        checkpoint, bundle, vae, tokenizer, adapters, precision, Optional.of(backend));
  }
}
