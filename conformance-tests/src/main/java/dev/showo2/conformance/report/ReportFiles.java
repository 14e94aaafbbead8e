package dev.showo2.conformance.report;

import dev.showo2.media.internal.PendingFile;
import dev.showo2.model.Precision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apiguardian.api.API;

/**
 * A report as files, in UTF-8: for programs, for people and for build servers.
 *
 * <p>In the JSON, what is empty is left out, times are in seconds, and numbers that are not finite
 * are the strings {@code NaN}, {@code Infinity} and {@code -Infinity}. In the XML, checks that were
 * waived and rules without a check are skipped.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ReportFiles(Path json, Path markdown, Path xml) {

  /**
   * Writes {@code name.json}, {@code name.md} and {@code name.xml}. Each appears complete or not at
   * all, in place of what was there.
   *
   * @param report the report
   * @param folder is made if it is not there
   * @param name the file name without its extension
   * @return the three files
   * @throws IOException if the disk refuses
   */
  public static ReportFiles write(Report report, Path folder, String name) throws IOException {
    // All texts before any file: a report is there in three files of one run.
    String json = JsonReport.text(report);
    String markdown = MarkdownReport.text(report);
    String xml = JUnitXmlReport.text(report);
    Files.createDirectories(folder);
    ReportFiles files =
        new ReportFiles(
            folder.resolve(name + ".json"),
            folder.resolve(name + ".md"),
            folder.resolve(name + ".xml"));
    replace(files.json, json);
    replace(files.markdown, markdown);
    replace(files.xml, xml);
    return files;
  }

  private static void replace(Path file, String text) throws IOException {
    try (PendingFile pending = PendingFile.file(file, "a report")) {
      // Unlike writeString this takes what is no character, such as half of a pair, as "?".
      Files.write(pending.path(), text.getBytes(StandardCharsets.UTF_8));
      pending.complete();
    }
  }

  /**
   * {@return a name that tells the reports of one machine apart: backend and device, and the
   * precision if it is not fp32, such as {@code onnx-cuda-1-fp16}}
   *
   * @param environment the machine and the backend
   */
  public static String name(Environment environment) {
    String name = environment.backend() + "-" + environment.config().device();
    if (environment.precision() != Precision.FP32) {
      name += "-" + environment.precision().id();
    }
    return name.replaceAll("[^A-Za-z0-9._-]+", "-");
  }
}
