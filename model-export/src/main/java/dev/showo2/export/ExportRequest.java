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
 * <p>Immutable and thread-safe; a setting can be added without breaking those who make one.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ExportRequest {

  private final Path checkpoint;
  private final Path bundle;
  private final Optional<Path> vae;
  private final Optional<Path> tokenizer;
  private final List<Path> adapters;
  private final ExportPrecision precision;
  private final Optional<String> target;
  private final boolean zeroWeightsAccepted;

  private ExportRequest(
      Path checkpoint,
      Path bundle,
      Optional<Path> vae,
      Optional<Path> tokenizer,
      List<Path> adapters,
      ExportPrecision precision,
      Optional<String> target,
      boolean zeroWeightsAccepted) {
    this.checkpoint = Objects.requireNonNull(checkpoint, "checkpoint");
    this.bundle = Objects.requireNonNull(bundle, "bundle");
    this.vae = Objects.requireNonNull(vae, "vae");
    this.tokenizer = Objects.requireNonNull(tokenizer, "tokenizer");
    this.adapters = List.copyOf(adapters);
    this.precision = Objects.requireNonNull(precision, "precision");
    this.target = Objects.requireNonNull(target, "target");
    this.zeroWeightsAccepted = zeroWeightsAccepted;
  }

  /**
   * Makes a request for a checkpoint as it is, without adapters, in 32-bit floats, for any backend.
   *
   * @param checkpoint folder or file of the checkpoint
   * @param bundle folder of the new bundle
   * @param vae file or folder of the VAE; empty where it is located in the checkpoint's folder
   * @param tokenizer file or folder of the tokenizer; empty where it is located in the checkpoint's
   *     folder
   * @return the request
   */
  public static ExportRequest of(
      Path checkpoint, Path bundle, Optional<Path> vae, Optional<Path> tokenizer) {
    return new ExportRequest(
        checkpoint,
        bundle,
        vae,
        tokenizer,
        List.of(),
        ExportPrecision.FP32,
        Optional.empty(),
        false);
  }

  /**
   * {@return a request for a checkpoint whose folder holds everything, as it is, in 32-bit floats,
   * for any backend}
   *
   * @param checkpoint the folder of the checkpoint
   * @param bundle the folder of the new bundle
   */
  public static ExportRequest of(Path checkpoint, Path bundle) {
    return of(checkpoint, bundle, Optional.empty(), Optional.empty());
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
    return new ExportRequest(
        checkpoint, bundle, vae, tokenizer, all, precision, target, zeroWeightsAccepted);
  }

  /**
   * {@return the same request in another precision}
   *
   * @param other the replacement
   */
  public ExportRequest withPrecision(ExportPrecision other) {
    return new ExportRequest(
        checkpoint, bundle, vae, tokenizer, adapters, other, target, zeroWeightsAccepted);
  }

  /**
   * {@return the same request for one backend}
   *
   * @param backend id of the backend
   */
  public ExportRequest withTarget(String backend) {
    return new ExportRequest(
        checkpoint,
        bundle,
        vae,
        tokenizer,
        adapters,
        precision,
        Optional.of(backend),
        zeroWeightsAccepted);
  }

  /**
   * {@return the same request for a checkpoint in which weights of nothing but zeros are meant}
   * Without it, a matrix or norm that is all zero, or has a million zero bytes in a row, is refused
   * as one that was not downloaded completely; biases and what a flow head begins its training with
   * may always be zero.
   */
  public ExportRequest withZeroWeightsAccepted() {
    return new ExportRequest(checkpoint, bundle, vae, tokenizer, adapters, precision, target, true);
  }

  /**
   * {@return folder with {@code config.json} and the weights of the model, a {@code checkpoint-N}
   * of the official training scripts, or the weights' file beside its {@code config.json}}
   */
  public Path checkpoint() {
    return checkpoint;
  }

  /** {@return folder that will hold the bundle; must not exist, or be empty} */
  public Path bundle() {
    return bundle;
  }

  /** {@return file of the VAE, or a folder with it, where it is not in the checkpoint's folder} */
  public Optional<Path> vae() {
    return vae;
  }

  /**
   * {@return {@code tokenizer.json} of the backbone, or its folder, where it is not in the
   * checkpoint's folder}
   */
  public Optional<Path> tokenizer() {
    return tokenizer;
  }

  /**
   * {@return folders of LoRA adapters in the format of PEFT, merged into the model's weights one
   * after the other; unmodifiable}
   */
  public List<Path> adapters() {
    return adapters;
  }

  /** {@return of each part of the model} */
  public ExportPrecision precision() {
    return precision;
  }

  /**
   * {@return id of the backend that is to run the bundle and checks it; empty for the one that a
   * program would get}
   */
  public Optional<String> target() {
    return target;
  }

  /** {@return whether weights of nothing but zeros are meant; false by default} */
  public boolean zeroWeightsAccepted() {
    return zeroWeightsAccepted;
  }
}
