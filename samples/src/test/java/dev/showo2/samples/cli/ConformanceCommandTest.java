package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConformanceCommandTest {

  private static final String CHECK = "H-01/tiny-a/time_embedding";

  @TempDir private Path folder;

  private static Cli.Result conformance(Object... more) {
    Object[] args = new Object[3 + more.length];
    System.arraycopy(new Object[] {"conformance", "--backend", "reference"}, 0, args, 0, 3);
    System.arraycopy(more, 0, args, 3, more.length);
    return Cli.run(args);
  }

  @Test
  void oneCheckIsRunByItsName() {
    Cli.Result result = conformance("--only", CHECK, "--threads", 1);
    assertEquals(0, result.code(), result.out() + result.err());
    List<String> lines = result.out().lines().toList();
    assertTrue(lines.get(0).startsWith("passed  " + CHECK + "  "), lines.get(0));
    assertTrue(lines.get(1).startsWith("reference (pure Java"), lines.get(1));
    assertEquals("1 passed, 0 failed, 0 waived, 0 not run", lines.get(lines.size() - 1));
  }

  @Test
  void severalChecksAreRunWithCommasBetween() {
    Cli.Result result = conformance("--only", "B-02/tiny-a/a-change-in-a-text," + CHECK);
    assertEquals(0, result.code(), result.out() + result.err());
    assertEquals(
        2, result.out().lines().filter(line -> line.startsWith("passed  ")).count(), result.out());
  }

  @Test
  void listNamesTheChecksAndRunsNone() {
    Cli.Result one = conformance("--list", "--only", "H-01/tiny-a");
    assertEquals(0, one.code(), one.err());
    assertTrue(one.out().startsWith("H-01 MUST A time becomes the vector"), one.out());
    assertTrue(one.out().lines().anyMatch(("  " + CHECK)::equals), one.out());
    Cli.Result all = conformance("--list");
    assertTrue(all.out().lines().anyMatch("  B-02/tiny-b/a-change-in-a-text"::equals), all.out());
    assertFalse(all.out().contains("passed"), all.out());
  }

  @Test
  void aDeviceThatTheBackendLacksIsRefused() {
    Cli.Result result = conformance("--only", CHECK, "--device", "abacus");
    assertEquals(2, result.code(), result.out());
    assertTrue(
        result.err().startsWith("showo2: --device: the backend 'reference' computes on"),
        result.err());
  }

  @Test
  void waiversThatAreNotNeededAreShownInTheReportToo() throws IOException {
    Path waivers = Files.writeString(folder.resolve("waivers"), "# known\nH-01 rounds too early\n");
    Cli.Result result =
        conformance("--only", CHECK, "--waivers", waivers, "--report", folder.resolve("new/one"));
    assertEquals(0, result.code(), result.out() + result.err());
    String told = "the waiver of H-01 is not needed any more";
    assertTrue(result.out().contains(told), result.out());
    Path report = folder.resolve("new/one/reference-cpu.md");
    assertEquals("report: " + report + System.lineSeparator(), result.err());
    assertTrue(Files.readString(report).contains("## Waivers that are not needed any more"));
  }

  @Test
  void whatMakesNoSenseIsRefused() throws IOException {
    Cli.Result nobody = Cli.run("conformance");
    assertEquals(2, nobody.code());
    assertTrue(nobody.err().contains("say which backend is to be tested"), nobody.err());
    Cli.Result nothing = conformance("--only", "B-77");
    assertEquals(2, nothing.code());
    assertTrue(nothing.err().contains("no check is chosen by 'B-77'"), nothing.err());
    Path waivers = Files.writeString(folder.resolve("waivers"), "H-99 is no rule\n");
    Cli.Result noRule = conformance("--waivers", waivers);
    assertEquals(2, noRule.code());
    assertTrue(noRule.err().contains("found 'H-99'"), noRule.err());
    assertEquals(2, conformance("--waivers", folder.resolve("none")).code());
  }

  @Test
  void interruptEndsTheRun() {
    Thread.currentThread().interrupt();
    Cli.Result result;
    try {
      result = conformance("--only", CHECK);
    } finally {
      Thread.interrupted();
    }
    assertEquals(130, result.code(), result.out() + result.err());
  }
}
