package dev.showo2.backend.tensorrt.internal.nvinfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The search for TensorRT in processes of their own, with less and more of what it needs: each of
 * them survives, says the same reason twice, and calls no runtime.
 */
class ProbeProcessTest {

  private static final String VERSION = JavacppArtifacts.version("tensorrt");
  private static final String CUDA = JavacppArtifacts.version("cuda");

  private static final List<String> CUDA_LIBRARIES =
      List.of(
          "libcudart.so.13",
          "libcublas.so.13",
          "libcublasLt.so.13",
          "libnvrtc.so.13",
          "libcudnn.so.9",
          "libcudnn_graph.so.9",
          "libcudnn_ops.so.9",
          "libcudnn_adv.so.9",
          "libcudnn_cnn.so.9");

  private static final List<String> TENSORRT_LIBRARIES =
      List.of("libnvinfer.so.10", "libnvinfer_plugin.so.10", "libnvonnxparser.so.10");

  @TempDir Path folder;

  @Test
  void namesTheClassesThatAreMissing() throws Exception {
    List<String> answer = probe(false, false, Map.of());
    assertEquals(List.of("version VERSION"), answer.subList(2, answer.size()), answer.toString());
    assertTrue(
        answer.get(0).startsWith("unusable: org.bytedeco.")
            && answer.get(0).endsWith(" to the class path"),
        answer.get(0));
    assertEquals(answer.get(0), answer.get(1));
  }

  @Test
  void namesTheArtifactsThatAreMissing() throws Exception {
    assertReason(
        "libjnicudart.so is missing: add org.bytedeco:tensorrt:"
            + VERSION
            + ":"
            + JavacppArtifacts.platform()
            + " and org.bytedeco:cuda:"
            + CUDA
            + ":"
            + JavacppArtifacts.platform()
            + " to the class path",
        probe(true, false, Map.of()));
  }

  @Test
  void namesTheDriverThatIsMissing() throws Exception {
    requireX86WithoutDriver();
    assertReason(
        "libcuda.so.1 is missing: install NVIDIA's driver, 580 or newer",
        probe(true, true, Map.of()));
  }

  @Test
  void namesTheLibraryThatIsMissing() throws Exception {
    Path stubs = compileStubs();
    link(stubs, "libcuda.so.1");
    assertReason(
        "libcudart.so.13 is missing: add org.bytedeco:cuda-redist:"
            + CUDA
            + ":linux-x86_64 to the class path, or name the folder of an installed CUDA 13.1 in"
            + " java.library.path",
        probe(true, true, Map.of()));

    for (String library : CUDA_LIBRARIES) {
      link(stubs, library);
    }
    assertReason(
        "libnvinfer.so.10 is missing: add org.bytedeco:tensorrt:"
            + VERSION
            + ":linux-x86_64-redist to the class path, or name the folder of an installed TensorRT"
            + " 10.15 in java.library.path",
        probe(true, true, Map.of("STUB_COUNT", "1")));

    for (String library : TENSORRT_LIBRARIES) {
      link(stubs, library);
    }
    Files.delete(folder.resolve("lib/libcudnn_ops.so.9"));
    assertReason(
        "libcudnn_ops.so.9 is missing: install NVIDIA's cuBLAS and cuDNN for CUDA 13.1, and name"
            + " their folder in java.library.path",
        probe(true, true, Map.of("STUB_COUNT", "1")));
  }

  @Test
  void saysWhatDriverAndLibraryFind() throws Exception {
    linkAll();
    assertReason(
        "NVIDIA's driver is too old for CUDA 13: install 580 or newer",
        probe(true, true, Map.of("STUB_COUNT", "-35")));
    String noDevice = "there is no CUDA device: NVIDIA's driver is installed but finds no GPU";
    assertReason(noDevice, probe(true, true, Map.of("STUB_COUNT", "-100")));
    assertReason(noDevice, probe(true, true, Map.of("STUB_COUNT", "0")));
    assertReason(
        "counting GPUs failed: cudaErrorStub, an error of the stub (CUDA error 999)",
        probe(true, true, Map.of("STUB_COUNT", "-999")));
    // The reason passes through the log that native code calls.
    assertReason(
        "TensorRT makes no builder: first line second line",
        probe(true, true, Map.of("STUB_COUNT", "2")));
  }

  @Test
  void deletesTheBuilderThatShowsThatAllIsThere() throws Exception {
    linkAll();
    assertEquals(
        List.of(
            "builder deleted",
            "usable",
            "usable",
            "version " + VERSION,
            "dimensions [2, 5, 6] in 72 bytes"),
        probe(true, true, Map.of("STUB_COUNT", "1", "STUB_BUILDER", "1"), "dimensions"));
  }

  private static void assertReason(String reason, List<String> answer) {
    assertEquals(
        List.of("unusable: " + reason, "unusable: " + reason, "version " + VERSION), answer);
  }

  private static void requireX86WithoutDriver() throws IOException {
    assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64"),
        "not run: JavaCPP's native libraries are there for Linux on x86-64 alone");
    for (String place : List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib/wsl/lib")) {
      assumeFalse(
          Files.exists(Path.of(place, "libcuda.so.1")), "not run: there is a driver in " + place);
    }
  }

  /** Compiles the stubs where there is a C compiler; else the test is not run. */
  private Path compileStubs() throws Exception {
    requireX86WithoutDriver();
    Path source = folder.resolve("stubs.c");
    try (InputStream stream = ProbeProcessTest.class.getResourceAsStream("stubs.c")) {
      Files.copy(stream, source);
    }
    Path library = folder.resolve("stubs.so");
    Process compiler;
    try {
      compiler =
          new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "not run: there is no C compiler cc");
      throw e;
    }
    String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, compiler.waitFor(), output);
    Files.createDirectory(folder.resolve("lib"));
    return library;
  }

  private void link(Path stubs, String library) throws IOException {
    Files.copy(stubs, folder.resolve("lib").resolve(library));
  }

  private void linkAll() throws Exception {
    Path stubs = compileStubs();
    link(stubs, "libcuda.so.1");
    for (String library : CUDA_LIBRARIES) {
      link(stubs, library);
    }
    for (String library : TENSORRT_LIBRARIES) {
      link(stubs, library);
    }
  }

  /** The lines that a process prints that looks for TensorRT. */
  private List<String> probe(
      boolean classes, boolean natives, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> classPath = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      boolean bytedeco = entry.matches(".*/org/bytedeco/.*");
      boolean wanted = entry.matches(".*/(cuda|tensorrt|javacpp)-[\\d.-]+\\.jar");
      if (!bytedeco || classes && wanted) {
        classPath.add(entry);
      }
    }
    if (natives) {
      try (Stream<Path> jars = Files.list(TestFolders.natives())) {
        jars.map(Path::toString).sorted().forEach(classPath::add);
      }
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("cache"),
            "-Djava.library.path=" + folder.resolve("lib"),
            "-cp",
            String.join(File.pathSeparator, classPath),
            ProbeMain.class.getName());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("LD_LIBRARY_PATH", folder.resolve("lib").toString());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), "the process ends");
    assertEquals(0, process.exitValue(), output);
    return output.lines().toList();
  }
}
