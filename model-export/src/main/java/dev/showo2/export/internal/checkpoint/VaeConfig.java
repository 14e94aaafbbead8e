package dev.showo2.export.internal.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.internal.io.JsonFile;
import dev.showo2.model.internal.JsonFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * The {@code config.json} that diffusers puts beside a VAE: sizes that its weights do not show.
 * Show-o2 normalizes latents with numbers of its own; those of {@code arch.json} precede these.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class VaeConfig {

  private static final String NAME = "config.json";
  private static final String CLASS = "_class_name";
  private static final String ANY = "AutoencoderKL";
  private static final String EXPECTED = "AutoencoderKLWan";

  /** Fields that make another model of it, with the JSON text that they have in Wan2.1's. */
  private static final List<List<String>> FORM =
      List.of(
          List.of("is_residual", "false"),
          List.of("attn_scales", "[]"),
          List.of("patch_size", "null"),
          List.of("in_channels", "3"),
          List.of("out_channels", "3"));

  private VaeConfig() {}

  /** Whether a folder is that of a VAE in diffusers' form. */
  public static boolean isIn(Path folder) {
    return in(folder).isPresent();
  }

  /**
   * The configuration beside the weights of a VAE, checked; empty if there is none.
   *
   * @throws InvalidModelException if it is that of another class or form than Wan2.1's
   */
  public static Optional<JsonFields> beside(Path weights) {
    Path folder = weights.toAbsolutePath().getParent();
    return folder == null ? Optional.empty() : in(folder).map(VaeConfig::checked);
  }

  private static Optional<JsonFields> in(Path folder) {
    if (!Files.isRegularFile(folder.resolve(NAME))) {
      return Optional.empty();
    }
    return JsonFile.readIfThere(folder.resolve(NAME))
        .filter(json -> json.has(CLASS) && json.string(CLASS).startsWith(ANY));
  }

  private static JsonFields checked(JsonFields json) {
    if (!json.string(CLASS).equals(EXPECTED)) {
      throw json.wrong(CLASS, EXPECTED + ", the VAE of Wan2.1, which Show-o2 uses");
    }
    Set<String> names = json.names();
    for (List<String> field : FORM) {
      String name = field.get(0);
      if (names.contains(name) && !json.text(name).equals(field.get(1))) {
        throw json.wrong(
            name,
            field.get(1) + " as in Wan2.1's VAE; is this the VAE of Wan2.2 or another model?");
      }
    }
    return json;
  }
}
