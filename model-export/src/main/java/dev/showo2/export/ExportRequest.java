package dev.showo2.export;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * What is to be exported.
 *
 * <p>Folders may be those of Hugging Face's cache: {@code models--ORG--NAME} or one of its
 * snapshots.
 *
 * @param checkpoint folder with {@code config.json} and the weights of the model, a {@code
 *     checkpoint-N} of the official training scripts, or the weights' file beside its {@code
 *     config.json}
 * @param bundle folder that will hold the bundle; must not exist, or be empty
 * @param vae file of the autoencoder, or a folder with {@code Wan2.1_VAE.pth}, where it does not
 *     lie in the checkpoint's folder
 * @param tokenizer {@code tokenizer.json} of the backbone, or its folder, where it does not lie in
 *     the checkpoint's folder
 * @param precision of each part of the model
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ExportRequest(
    Path checkpoint,
    Path bundle,
    Optional<Path> vae,
    Optional<Path> tokenizer,
    ExportPrecision precision) {

  public ExportRequest {
    Objects.requireNonNull(checkpoint, "checkpoint");
    Objects.requireNonNull(bundle, "bundle");
    Objects.requireNonNull(vae, "vae");
    Objects.requireNonNull(tokenizer, "tokenizer");
    Objects.requireNonNull(precision, "precision");
  }

  /** In 32-bit floats. */
  public ExportRequest(Path checkpoint, Path bundle, Optional<Path> vae, Optional<Path> tokenizer) {
    this(checkpoint, bundle, vae, tokenizer, ExportPrecision.FP32);
  }

  /** A checkpoint whose folder holds everything, in 32-bit floats. */
  public static ExportRequest of(Path checkpoint, Path bundle) {
    return new ExportRequest(checkpoint, bundle, Optional.empty(), Optional.empty());
  }

  /** The same in another precision. */
  public ExportRequest with(ExportPrecision other) {
    return new ExportRequest(checkpoint, bundle, vae, tokenizer, other);
  }
}
