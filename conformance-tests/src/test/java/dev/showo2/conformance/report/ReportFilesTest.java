package dev.showo2.conformance.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import dev.showo2.error.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTest {

  @TempDir private Path folder;

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void threeFilesTakeThePlaceOfThoseBeforeThem() throws IOException {
    Path reports = folder.resolve("build/conformance");
    Files.createDirectories(reports);
    Files.writeString(reports.resolve("toy.json"), "an older and longer one".repeat(10_000));
    ReportFiles files = ReportFiles.write(SampleReport.report(), reports, "toy");
    assertEquals(List.of("toy.json", "toy.md", "toy.xml"), names(reports));
    assertTrue(JsonParser.parseString(Files.readString(files.json())).isJsonObject());
    assertTrue(Files.readString(files.markdown()).startsWith("# Conformance of toy on cuda:1\n"));
    assertTrue(
        Files.readString(files.xml()).startsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
  }

  @Test
  void whatCannotBeReplacedStaysAndNothingElseIsLeft() throws IOException {
    Files.createDirectories(folder.resolve("toy.json/mine"));
    assertThrows(
        InvalidRequestException.class,
        () -> ReportFiles.write(SampleReport.report(), folder, "toy"));
    assertEquals(List.of("toy.json"), names(folder));
    assertEquals(List.of("mine"), names(folder.resolve("toy.json")));
  }

  @Test
  void namesTellDevicesAndPrecisionsApart() {
    assertEquals("toy-cuda-1-fp16", ReportFiles.name(SampleReport.report().environment()));
    assertEquals("toy-cpu", ReportFiles.name(ReportTest.report().environment()));
  }

  @Test
  void aCommandIsOneForAShell() {
    Rerun rerun = new Rerun("mvn test -Donly=");
    assertEquals("mvn test -Donly=B-04/tiny-a/spans", rerun.of("B-04/tiny-a/spans"));
    assertEquals("mvn test -Donly='B-02/tiny-a/later text'", rerun.of("B-02/tiny-a/later text"));
    assertEquals("mvn test -Donly='a\\,b'", rerun.of("a,b"));
    assertEquals("'$HOME; it'\\''s'", Rerun.quoted("$HOME; it's"));
    assertEquals("''", Rerun.quoted(""));
    assertEquals(Optional.empty(), ReportTest.report().rerun(SampleReport.FAILED));
  }

  @Test
  void theSummaryNamesWhatFailedAndHowToSeeItAgain() {
    StringBuilder text = new StringBuilder();
    SampleReport.report().printSummary(text);
    List<String> lines = text.toString().lines().toList();
    assertEquals("toy (Toy & Co 1.2) on cuda:1 in fp16: not shown to be conformant", lines.get(0));
    assertEquals(
        "rules that a backend SHOULD keep: 0 passed, 0 failed, 1 waived, 3 not run", lines.get(2));
    assertTrue(lines.get(4).startsWith("failed  B-03/tiny-a/it's"), lines.get(4));
    assertTrue(lines.get(5).startsWith("  again: showo2 conformance"), lines.get(5));
    assertEquals("not run: the backend lacks fusion_resize (F-04/tiny-a/grid)", lines.get(6));
    assertEquals("the waiver of R-16 is not needed any more", lines.get(7));
    assertEquals(
        "1 passed, 1 failed, 1 waived, 1 not run; wrong: Backbone", lines.get(lines.size() - 1));
  }
}
