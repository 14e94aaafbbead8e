package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** The POM of an application that computes on a GPU. */
class CudaConsumerTest {

  private static final String POM = "/consumer-cuda/pom.xml";

  @Test
  void exchangesTheArtifactOfOnnxRuntime() throws Exception {
    List<Element> dependencies = children(child(pom().getDocumentElement(), "dependencies"));
    Element backend = dependencies.get(0);
    assertEquals("dev.showo2:backend-onnx", coordinates(backend));
    List<Element> exclusions = children(child(backend, "exclusions"));
    assertEquals(
        List.of(OnnxLibrary.ARTIFACT), exclusions.stream().map(this::coordinates).toList());

    Element gpu = dependencies.get(1);
    assertEquals(OnnxLibrary.CUDA_ARTIFACT, coordinates(gpu));
    assertEquals(OnnxLibrary.version().orElseThrow(), child(gpu, "version").getTextContent());
    assertEquals(2, dependencies.size());
  }

  private String coordinates(Element element) {
    return child(element, "groupId").getTextContent()
        + ":"
        + child(element, "artifactId").getTextContent();
  }

  private static Document pom() throws Exception {
    try (InputStream pom = CudaConsumerTest.class.getResourceAsStream(POM)) {
      return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom);
    }
  }

  private static Element child(Element parent, String name) {
    return children(parent).stream()
        .filter(each -> each.getTagName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<Element> children(Element parent) {
    List<Element> children = new ArrayList<>();
    for (Node each = parent.getFirstChild(); each != null; each = each.getNextSibling()) {
      if (each instanceof Element element) {
        children.add(element);
      }
    }
    return children;
  }
}
