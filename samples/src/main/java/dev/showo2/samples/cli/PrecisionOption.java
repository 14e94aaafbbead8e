package dev.showo2.samples.cli;

import dev.showo2.export.ExportPrecision;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** In which precision a bundle is written. */
final class PrecisionOption {

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      converter = Converter.class,
      defaultValue = "fp32",
      description = {
        "fp32, fp16, bf16, int8 or int4 for all but the VAE; or by part: backbone,"
            + " flow-head, fusion, language-head, vae; or both, such as int8,flow-head=bf16.",
        "Default: ${DEFAULT-VALUE}."
      })
  private ExportPrecision precision;

  ExportPrecision get() {
    return precision;
  }

  /** Called by picocli. */
  static final class Converter implements ITypeConverter<ExportPrecision> {

    @Override
    public ExportPrecision convert(String text) {
      try {
        return ExportPrecision.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
