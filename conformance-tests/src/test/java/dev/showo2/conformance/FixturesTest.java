package dev.showo2.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FixturesTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch_randn.safetensors",
        "keys/show-o2-1.5B.json",
        "keys/show-o2-7B.json",
        "keys/Wan2.1_VAE.json",
        "tiny-a/pytorch_model.bin",
        "tiny-b/pytorch_model.bin.index.json",
        "demo/pytorch_model.bin",
        "demo/eval_prompts.json",
        "demo/samples/eval.json",
        "demo/samples/und/59.png"
      })
  void whatOtherTestsNeedIsThere(String name) {
    try (Fixtures fixtures = Fixtures.open()) {
      assertTrue(Files.isRegularFile(fixtures.path(name)));
    }
  }

  @Test
  void aMissingFixtureIsNamed() {
    try (Fixtures fixtures = Fixtures.open()) {
      String message =
          assertThrows(IllegalStateException.class, () -> fixtures.path("tiny-z")).getMessage();
      assertEquals("the fixture 'tiny-z' is missing", message);
      assertThrows(InvalidModelException.class, () -> fixtures.path("../conformance"));
    }
  }

  @Test
  void fixturesInAJarAreCopiedOutAndDeletedOnClose() throws IOException {
    Fixtures fixtures = Fixtures.beside(jar());
    Path file = fixtures.path("tiny/goldens/a.txt");
    assertEquals("a", Files.readString(file));
    Path copy = fixtures.path("tiny");
    assertEquals("b", Files.readString(copy.resolve("b.txt")), "the whole folder is there");
    assertEquals(copy, fixtures.path("tiny"), "copied once");
    assertTrue(Files.exists(fixtures.path("demo/config.json")), "of another artifact");
    assertThrows(IllegalStateException.class, () -> fixtures.path("other"));
    assertThrows(IllegalStateException.class, () -> fixtures.path("tiny/c.txt"));
    fixtures.close();
    fixtures.close();
    assertFalse(Files.exists(copy.getParent()));
    assertThrows(IllegalStateException.class, () -> fixtures.path("tiny"));
  }

  private URL jar() throws IOException {
    Path jar = directory.resolve("kit with space.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (String name : List.of("README.md", "tiny/goldens/a.txt", "tiny/b.txt")) {
        out.putNextEntry(new JarEntry("kit/reference/" + name));
        String content = name.replaceAll(".*/|\\..*", "");
        out.write(content.getBytes(StandardCharsets.UTF_8));
      }
    }
    return URI.create("jar:" + jar.toUri() + "!/kit/reference/README.md").toURL();
  }
}
