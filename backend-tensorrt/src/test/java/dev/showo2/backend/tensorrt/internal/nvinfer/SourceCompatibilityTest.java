package dev.showo2.backend.tensorrt.internal.nvinfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sources of this package compile with the classes of TensorRT 11 as with those of 10. */
class SourceCompatibilityTest {

  private static final Path SOURCES =
      Path.of(
          System.getProperty("basedir", ""),
          "src/main/java/dev/showo2/backend/tensorrt/internal/nvinfer");

  @TempDir Path output;

  @Test
  void compilesWithTensorRt11() throws IOException {
    List<Path> sources;
    try (Stream<Path> files = Files.list(SOURCES)) {
      sources = files.filter(file -> file.toString().endsWith(".java")).toList();
    }
    assertTrue(sources.size() > 10, sources.toString());
    assertEquals(List.of(), compile(files -> files.getJavaFileObjectsFromPaths(sources)));
    try (Stream<Path> classes = Files.walk(output)) {
      assertTrue(classes.anyMatch(file -> file.endsWith("JavacppRuntime.class")));
    }
  }

  /** The check above would see a difference: precisions by flags are no longer there. */
  @Test
  void refusesWhatTensorRt11Lacks() throws IOException {
    String source =
        "class Old { Object flag = org.bytedeco.tensorrt.global.nvinfer.BuilderFlag.kFP16; }";
    List<String> errors =
        compile(
            files ->
                List.of(
                    new SimpleJavaFileObject(
                        URI.create("string:///Old.java"), JavaFileObject.Kind.SOURCE) {
                      @Override
                      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                      }
                    }));
    assertEquals(1, errors.size(), errors.toString());
    assertTrue(errors.get(0).contains("kFP16"), errors.toString());
  }

  private interface Sources {
    Iterable<? extends JavaFileObject> of(StandardJavaFileManager files);
  }

  /** Errors and warnings. */
  private List<String> compile(Sources sources) throws IOException {
    List<String> classPath = new ArrayList<>();
    try (Stream<Path> jars = Files.list(TestFolders.tensorRt11())) {
      jars.map(Path::toString).sorted().forEach(classPath::add);
    }
    assertEquals(3, classPath.size(), classPath.toString());
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.contains("bytedeco")) {
        classPath.add(entry);
      }
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  null,
                  files,
                  diagnostics,
                  List.of(
                      "-proc:none",
                      "-Xlint:all,-processing,-path,-classfile",
                      "--release",
                      "17",
                      "-implicit:none",
                      "-d",
                      output.toString(),
                      "-cp",
                      String.join(File.pathSeparator, classPath)),
                  null,
                  sources.of(files))
              .call();
      List<String> found =
          diagnostics.getDiagnostics().stream()
              .filter(diagnostic -> diagnostic.getKind() != Diagnostic.Kind.NOTE)
              .map(Object::toString)
              .toList();
      assertFalse(compiled && found.stream().anyMatch(text -> text.contains("error:")));
      return found;
    }
  }
}
