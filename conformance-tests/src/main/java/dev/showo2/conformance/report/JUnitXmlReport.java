package dev.showo2.conformance.report;

import dev.showo2.conformance.rules.Chapter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A report for build servers, in the XML that they know from JUnit: a suite for each chapter, a
 * case for each check. Waived ones are skipped, as is every rule without a check.
 */
final class JUnitXmlReport {

  private static final Set<String> LINES = Set.of("testsuite", "testcase");

  private final Report report;
  private final XMLStreamWriter xml;

  private JUnitXmlReport(Report report, XMLStreamWriter xml) {
    this.report = report;
    this.xml = xml;
  }

  static String text(Report report) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      new JUnitXmlReport(report, xml).write();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a report cannot be put into XML: " + e.getMessage(), e);
    }
    return text + "\n";
  }

  private void write() throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    start("testsuites");
    attribute("name", "Show-o2 conformance of " + report.environment().backend());
    totals(report.rules());
    for (Chapter chapter : Chapter.values()) {
      suite(chapter);
    }
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private void suite(Chapter chapter) throws XMLStreamException {
    List<RuleResult> rules =
        report.rules().stream().filter(result -> result.rule().chapter() == chapter).toList();
    start("testsuite");
    attribute("name", chapter + " " + chapter.title());
    totals(rules);
    attribute(
        "timestamp",
        DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
            report.environment().start().truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC)));
    properties(report.environment());
    for (RuleResult result : rules) {
      if (result.outcomes().isEmpty()) {
        untested(result);
      }
      for (Outcome outcome : result.outcomes()) {
        testcase(outcome);
      }
    }
    xml.writeEndElement();
  }

  private void totals(List<RuleResult> rules) throws XMLStreamException {
    int failures = 0;
    int skipped = 0;
    int tests = 0;
    Duration time = Duration.ZERO;
    for (RuleResult result : rules) {
      tests += Math.max(1, result.outcomes().size());
      failures += result.count(Status.FAILED);
      skipped +=
          result.outcomes().isEmpty()
              ? 1
              : result.count(Status.NOT_RUN) + result.count(Status.WAIVED);
      for (Outcome outcome : result.outcomes()) {
        time = time.plus(outcome.time());
      }
    }
    attribute("tests", String.valueOf(tests));
    attribute("failures", String.valueOf(failures));
    attribute("errors", "0");
    attribute("skipped", String.valueOf(skipped));
    attribute("time", seconds(time));
  }

  private void properties(Environment environment) throws XMLStreamException {
    start("properties");
    property("backend", environment.backend());
    property("engine", environment.info().name() + " " + environment.info().version());
    property("config", environment.config().toString());
    property("precision", environment.precision().id());
    property("bundle_precisions", environment.bundle().toString());
    property("sdk", environment.sdk());
    property("java", environment.java());
    property("system", environment.system());
    xml.writeEndElement();
  }

  private void property(String name, String value) throws XMLStreamException {
    xml.writeEmptyElement("property");
    attribute("name", name);
    attribute("value", value);
  }

  private void untested(RuleResult result) throws XMLStreamException {
    startCase(result.rule().id(), result, Duration.ZERO);
    skipped(Status.NOT_RUN + ": " + result.reason());
    xml.writeEndElement();
  }

  private void testcase(Outcome outcome) throws XMLStreamException {
    startCase(outcome.id(), new RuleResult(outcome.rule(), List.of()), outcome.time());
    if (outcome.status() == Status.FAILED) {
      start("failure");
      attribute("message", outcome.problem());
      attribute("type", outcome.rule().level().name());
      text(outcome.rule() + " " + outcome.rule().sentence() + "\n" + outcome.problem());
      xml.writeEndElement();
    } else if (outcome.status() != Status.PASSED) {
      skipped(outcome.status() + ": " + outcome.reason());
    }
    start("system-out");
    text(outcome.toString());
    if (outcome.status() == Status.FAILED && report.rerun(outcome).isPresent()) {
      text("\nagain: " + report.rerun(outcome).get());
    }
    xml.writeEndElement();
    xml.writeEndElement();
  }

  private void startCase(String name, RuleResult result, Duration time) throws XMLStreamException {
    start("testcase");
    attribute("name", name);
    attribute("classname", report.environment().backend() + "." + result.rule());
    attribute("time", seconds(time));
  }

  private void skipped(String message) throws XMLStreamException {
    xml.writeEmptyElement("skipped");
    attribute("message", message);
  }

  private void start(String element) throws XMLStreamException {
    // Readers take no notice of it, and people have a line for each case.
    if (LINES.contains(element)) {
      xml.writeCharacters("\n");
    }
    xml.writeStartElement(element);
  }

  private void attribute(String name, String value) throws XMLStreamException {
    xml.writeAttribute(name, legal(value));
  }

  private void text(String text) throws XMLStreamException {
    xml.writeCharacters(legal(text));
  }

  /** XML 1.0 has no way to write some characters; they become U+FFFD. */
  private static String legal(String text) {
    return text.replaceAll(
        "[^\\t\\n\\r\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]", "\ufffd");
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.3f", time.toNanos() / 1e9);
  }
}
