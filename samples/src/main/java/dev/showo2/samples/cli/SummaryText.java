package dev.showo2.samples.cli;

import dev.showo2.export.ExportSummary;
import dev.showo2.model.BundleFile;
import dev.showo2.stage.Stage;
import java.io.PrintWriter;
import java.util.stream.Collectors;

/** What is told of a finished bundle. */
final class SummaryText {

  private static final int SHOWN_KEYS = 5;

  private SummaryText() {}

  static void print(ExportSummary summary, PrintWriter out) {
    out.println("Wrote " + summary.bundle().toAbsolutePath().normalize() + ":");
    Table table = new Table();
    for (BundleFile file : summary.files()) {
      table.row(file.name(), Table.bytes(file.size()));
    }
    table.row(summary.files().size() + " files", Table.bytes(summary.totalBytes()));
    out.print(table);
    out.println(
        summary
            .checkedBy()
            .map(backend -> "Ran every stage on " + backend + ": " + stages(summary))
            .orElse("No stage was run: there is no backend that can run here"));
    if (!summary.ignoredKeys().isEmpty()) {
      out.println("Not needed, left out: " + keys(summary));
    }
    out.flush();
  }

  private static String stages(ExportSummary summary) {
    return summary.checkedStages().stream().map(Stage::id).collect(Collectors.joining(", "));
  }

  private static String keys(ExportSummary summary) {
    int more = summary.ignoredKeys().size() - SHOWN_KEYS;
    return summary.ignoredKeys().stream().limit(SHOWN_KEYS).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }
}
