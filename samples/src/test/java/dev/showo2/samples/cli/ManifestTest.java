package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.showo2.samples.testing.ChildJvm;
import dev.showo2.samples.testing.TestCache;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The entries that the build writes into the manifest of the command line's jar. */
class ManifestTest {

  private static final String ALLOWED = "Enable-Native-Access";

  @TempDir private Path folder;

  @Test
  void nativeAccessIsAllowed() throws Exception {
    assertEquals("ALL-UNNAMED", entries().get(ALLOWED));
  }

  /** A jar with these entries, started as the command line is. */
  @Test
  void startPrintsNoWarningOfNativeAccess() throws Exception {
    assumeTrue(
        Runtime.version().feature() >= 24,
        "not run: only JDK 24 and newer warn of native access, this is " + Runtime.version());
    ChildJvm.Result allowed = draw(jar("allowed.jar", entries()));
    assertEquals(0, allowed.code(), allowed.err());
    assertFalse(allowed.err().contains("WARNING"), allowed.err());
    // The same without the entry shows that the JVM would warn.
    ChildJvm.Result bare = draw(jar("bare.jar", Map.of()));
    assertTrue(bare.err().contains("restricted method"), bare.err());
  }

  private ChildJvm.Result draw(Path jar) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path bundle = TestCache.bundle();
    List<String> command =
        List.of(
            java,
            "-jar",
            jar.toString(),
            "generate",
            "a red circle",
            "--steps",
            "2",
            "--bundle",
            bundle.toString(),
            "--out",
            jar + ".png");
    return ChildJvm.run(folder, Map.of(), command);
  }

  private Path jar(String name, Map<String, String> entries) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
    main.put(
        Attributes.Name.CLASS_PATH,
        Stream.of(ChildJvm.classPath().split(File.pathSeparator))
            .map(entry -> Path.of(entry).toUri().toString())
            .collect(Collectors.joining(" ")));
    entries.forEach(main::putValue);
    Path jar = folder.resolve(name);
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return jar;
  }

  private static Map<String, String> entries() throws Exception {
    Path pom = Path.of(System.getProperty("basedir", ""), "pom.xml");
    NodeList all =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(pom.toFile())
            .getElementsByTagName("manifestEntries");
    assertEquals(1, all.getLength());
    Map<String, String> entries = new LinkedHashMap<>();
    for (Node node = all.item(0).getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element) {
        entries.put(element.getTagName(), element.getTextContent());
      }
    }
    return entries;
  }
}
