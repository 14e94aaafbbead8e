package dev.showo2.export.internal.lora;

import dev.showo2.error.InvalidModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apiguardian.api.API;

/** The files in the folder of an adapter, as PEFT names them. */
@API(status = API.Status.INTERNAL, since = "0.1")
public record AdapterFiles(Path config, Path weights) {

  private static final String CONFIG = "adapter_config.json";

  /** In the order in which PEFT prefers them. */
  private static final List<String> WEIGHTS =
      List.of("adapter_model.safetensors", "adapter_model.bin");

  /** Whether a folder is that of an adapter. */
  public static boolean areIn(Path folder) {
    return Files.isRegularFile(folder.resolve(CONFIG));
  }

  /**
   * @throws InvalidModelException if one is missing
   */
  public static AdapterFiles in(Path folder) {
    if (!areIn(folder)) {
      throw new InvalidModelException(
          "no " + CONFIG + " in " + folder + "; the folder of an adapter is expected");
    }
    Path weights =
        WEIGHTS.stream()
            .map(folder::resolve)
            .filter(Files::isRegularFile)
            .findFirst()
            .orElseThrow(
                () ->
                    new InvalidModelException(
                        "no weights in the adapter " + folder + ", one of " + WEIGHTS));
    return new AdapterFiles(folder.resolve(CONFIG), weights);
  }
}
