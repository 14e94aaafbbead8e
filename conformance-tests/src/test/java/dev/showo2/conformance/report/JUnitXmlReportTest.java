package dev.showo2.conformance.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.rules.Chapter;
import dev.showo2.conformance.rules.Rule;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class JUnitXmlReportTest {

  private Element root;

  @BeforeEach
  void parse() throws Exception {
    root =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(JUnitXmlReport.text(SampleReport.report()))))
            .getDocumentElement();
  }

  private static List<Element> all(Element element, String name) {
    NodeList nodes = element.getElementsByTagName(name);
    List<Element> list = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      list.add((Element) nodes.item(i));
    }
    return list;
  }

  private Element testcase(String name) {
    return all(root, "testcase").stream()
        .filter(each -> each.getAttribute("name").equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no test case " + name));
  }

  private static String only(Element element, String child) {
    List<Element> found = all(element, child);
    assertEquals(1, found.size(), child);
    return found.get(0).getTextContent();
  }

  @Test
  void countsAreThoseOfTheCasesThatAreThere() {
    assertEquals("testsuites", root.getTagName());
    List<Element> suites = all(root, "testsuite");
    assertEquals(Chapter.values().length, suites.size());
    suites.add(root);
    for (Element suite : suites) {
      assertEquals(all(suite, "testcase").size(), number(suite, "tests"));
      assertEquals(all(suite, "failure").size(), number(suite, "failures"));
      assertEquals(all(suite, "skipped").size(), number(suite, "skipped"));
      assertEquals(0, number(suite, "errors"));
    }
    // The four checks belong to four rules; each of the others has a case that says why not.
    assertEquals(Rule.values().length, number(root, "tests"));
    assertEquals(1, number(root, "failures"));
    assertEquals(Rule.values().length - 2, number(root, "skipped"));
    assertEquals("1.000", root.getAttribute("time"));
    assertEquals("2026-01-02T03:04:05", suites.get(0).getAttribute("timestamp"));
  }

  private static int number(Element element, String name) {
    return Integer.parseInt(element.getAttribute(name));
  }

  @Test
  void aFailureSaysWhatAndHowToSeeItAgain() {
    Element failed = testcase(SampleReport.FAILED.id());
    assertEquals("toy.B-03", failed.getAttribute("classname"));
    assertEquals("0.250", failed.getAttribute("time"));
    String text = only(failed, "failure");
    assertTrue(text.startsWith("B-03 " + Rule.B03.sentence() + "\nodd|name max abs"), text);
    assertTrue(text.contains("a|b <c> & \"d\" `e` ]]> \ufffd \ufffd 圆 # f's"), text);
    Element failure = all(failed, "failure").get(0);
    assertEquals("MUST", failure.getAttribute("type"));
    assertTrue(failure.getAttribute("message").contains("<c> & \"d\""), text);
    assertTrue(
        only(failed, "system-out")
            .endsWith(
                "again: showo2 conformance --backend toy --only"
                    + " 'B-03/tiny-a/it'\\''s\\, an \"image\"'"));
  }

  @Test
  void whatDidNotRunAndWhatWasWaivedIsSkipped() {
    assertEquals("not run: the backend lacks fusion_resize", skipped(SampleReport.NOT_RUN.id()));
    assertTrue(
        skipped(SampleReport.WAIVED.id()).startsWith("waived: atomics add in any order"),
        skipped(SampleReport.WAIVED.id()));
    assertEquals("not run: cannot be tested: it needs a JVM of its own", skipped("R-19"));
    assertEquals("not run: no check of it was chosen", skipped("V-02"));
    assertEquals(List.of(), all(testcase(SampleReport.PASSED.id()), "skipped"));
  }

  private String skipped(String name) {
    only(testcase(name), "skipped");
    return all(testcase(name), "skipped").get(0).getAttribute("message");
  }
}
