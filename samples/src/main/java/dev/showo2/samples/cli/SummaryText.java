package dev.showo2.samples.cli;

import dev.showo2.export.ExportSummary;
import dev.showo2.export.MitigatedLayer;
import dev.showo2.export.PartSummary;
import dev.showo2.export.UnquantizedLayer;
import dev.showo2.model.BundleFile;
import dev.showo2.stage.Stage;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;

/** The text that describes a finished bundle. */
final class SummaryText {

  private SummaryText() {}

  static void print(ExportSummary summary, PrintWriter out) {
    out.println("Wrote " + summary.bundle().toAbsolutePath().normalize() + ":");
    Table table = new Table();
    for (BundleFile file : summary.files()) {
      table.row(file.name(), Table.bytes(file.size()));
    }
    table.row(summary.files().size() + " files", Table.bytes(summary.totalBytes()));
    out.print(table);
    printParts(summary, out);
    out.println(
        summary
            .checkedBy()
            .map(backend -> "Ran every stage on " + backend + ": " + stages(summary))
            .orElse("No stage was run: there is no backend that can run this bundle here"));
    if (!summary.ignoredKeys().isEmpty()) {
      out.println("Not needed by any stage, left out:");
      // What a file says of itself must not steer the terminal.
      summary.ignoredKeys().forEach(key -> out.println("  " + Terminal.printable(key)));
    }
    out.flush();
  }

  private static void printParts(ExportSummary summary, PrintWriter out) {
    Table table = new Table();
    for (PartSummary part : summary.parts()) {
      table.row(
          part.part().id(),
          part.precision().id(),
          Table.bytes(part.bytes()),
          part.error().isPresent()
              ? String.format(Locale.ROOT, "off by %.4f", part.error().getAsDouble())
              : "");
    }
    out.print(table);
    for (MitigatedLayer layer : summary.mitigatedLayers()) {
      out.printf(
          Locale.ROOT,
          "%s: %s (off by %.3f, without %.3f)%n",
          mitigation(layer),
          layer.key(),
          layer.error(),
          layer.errorBefore());
    }
    for (UnquantizedLayer layer : summary.unquantizedLayers()) {
      out.printf(
          Locale.ROOT,
          "Kept in fp32: %s (would be off by %.3f, for the worst token %.3f)%n",
          layer.key(),
          layer.error(),
          layer.worstTokenError());
    }
  }

  private static String mitigation(MitigatedLayer layer) {
    if (layer.isRotated()) {
      return layer.isSmoothed() ? "Inputs scaled and rotated" : "Inputs rotated";
    }
    return layer.changesInputs() ? "Inputs scaled" : "Smoothed";
  }

  private static String stages(ExportSummary summary) {
    return summary.checkedStages().stream().map(Stage::id).collect(Collectors.joining(", "));
  }
}
