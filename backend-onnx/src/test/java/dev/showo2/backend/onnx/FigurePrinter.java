package dev.showo2.backend.onnx;

import java.util.Locale;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Prints the figures that tests measure: Surefire keeps them to itself. */
public final class FigurePrinter implements TestExecutionListener {

  @Override
  public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
    String source =
        test.getSource()
            .map(each -> each instanceof MethodSource method ? method.getClassName() : "")
            .orElse("");
    String name = source.substring(source.lastIndexOf('.') + 1);
    entry
        .getKeyValuePairs()
        .forEach(
            (key, value) ->
                System.out.printf(Locale.ROOT, "[measured] %s: %s: %s%n", name, key, value));
  }
}
