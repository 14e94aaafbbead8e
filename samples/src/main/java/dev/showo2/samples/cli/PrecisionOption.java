package dev.showo2.samples.cli;

import dev.showo2.export.ExportPrecision;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** In which precision a bundle is written. */
final class PrecisionOption {

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      defaultValue = "fp32",
      description = {
        "fp32, fp16, bf16, int8 or int4 for all but the VAE; or by part: backbone,"
            + " flow-head, fusion, language-head, vae; or both, such as int8,flow-head=bf16.",
        "auto: the one of fp32, fp16, bf16 and int8 that draws fastest on this processor.",
        "Default: ${DEFAULT-VALUE}."
      })
  private String precision;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * @param backend that is to run the bundle, if one was named
   * @throws ParameterException if this is no precision
   */
  ExportPrecision get(Optional<String> backend) {
    try {
      return backend.isPresent()
          ? ExportPrecision.parse(precision, backend.get())
          : ExportPrecision.parse(precision);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), "Invalid value for option '--precision': " + e.getMessage(), e);
    }
  }
}
