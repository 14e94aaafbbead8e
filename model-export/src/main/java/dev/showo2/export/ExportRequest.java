package dev.showo2.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * What is to be exported.
 *
 * @param checkpoint folder with {@code config.json} and the weights of the model
 * @param bundle folder that will hold the bundle; must not exist, or be empty
 * @param vae file of the autoencoder where it does not lie in the checkpoint's folder
 * @param tokenizer {@code tokenizer.json} of the backbone where it does not lie in the checkpoint's
 *     folder
 * @param adapters folders of LoRA adapters in the format of PEFT, merged into the model's weights
 *     one after the other; unmodifiable
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ExportRequest(
    Path checkpoint,
    Path bundle,
    Optional<Path> vae,
    Optional<Path> tokenizer,
    List<Path> adapters) {

  public ExportRequest {
    Objects.requireNonNull(checkpoint, "checkpoint");
    Objects.requireNonNull(bundle, "bundle");
    Objects.requireNonNull(vae, "vae");
    Objects.requireNonNull(tokenizer, "tokenizer");
    adapters = List.copyOf(adapters);
  }

  /** A checkpoint as it is, without adapters. */
  public ExportRequest(Path checkpoint, Path bundle, Optional<Path> vae, Optional<Path> tokenizer) {
    this(checkpoint, bundle, vae, tokenizer, List.of());
  }

  /** A checkpoint whose folder holds everything. */
  public static ExportRequest of(Path checkpoint, Path bundle) {
    return new ExportRequest(checkpoint, bundle, Optional.empty(), Optional.empty());
  }

  /**
   * The same with one more adapter, merged after those before it.
   *
   * @param folder with {@code adapter_config.json} and {@code adapter_model.safetensors} or {@code
   *     adapter_model.bin}
   */
  public ExportRequest withAdapter(Path folder) {
    List<Path> all = new ArrayList<>(adapters);
    all.add(folder);
    return new ExportRequest(checkpoint, bundle, vae, tokenizer, all);
  }
}
