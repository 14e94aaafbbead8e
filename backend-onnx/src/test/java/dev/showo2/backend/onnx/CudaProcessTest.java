package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.model.Integrity;
import dev.showo2.spi.Availability;
import dev.showo2.spi.BackendConfig;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process whose class path has providers beside the engine's libraries, as the artifact for GPUs
 * has; they do not load, as where CUDA is missing.
 */
@ExtendWith(ExportedModels.class)
class CudaProcessTest {

  private static final long PATIENCE_SECONDS = 120;

  @TempDir private Path folder;

  @Test
  void providersThatDoNotLoadAreNamedAndTheCpuGoesOn(Models models) throws Exception {
    Path providers = folder.resolve("providers");
    for (String name : List.of("shared", "cuda")) {
      Path library = providers.resolve(OnnxLibraryTest.resource("onnxruntime_providers_" + name));
      Files.createDirectories(library.getParent());
      Files.writeString(library, "no code");
    }
    List<String> lines = run(providers, models.bundle("tiny-a").directory());

    String message = lines.get(0);
    assertTrue(message.startsWith("the backend 'onnx' has no device \"cuda\" here: "), message);
    assertTrue(message.contains(System.mapLibraryName("onnxruntime_providers_shared")), message);
    assertTrue(message.contains("CUDA 12 and cuDNN 9 have to be"), message);
    assertEquals(List.of("usable", "computes on the CPU"), lines.subList(1, lines.size()));
    try (Stream<Path> unpacked = Files.walk(folder.resolve("cache"))) {
      assertTrue(
          unpacked.anyMatch(
              file ->
                  file.endsWith(System.mapLibraryName("onnxruntime_providers_cuda"))
                      && Files.exists(file.resolveSibling(System.mapLibraryName("onnxruntime")))));
    }
  }

  private List<String> run(Path first, Path bundle) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            first + File.pathSeparator + System.getProperty("java.class.path"),
            CudaProcessTest.class.getName(),
            bundle.toString());
    builder.environment().put("SHOWO2_CACHE", folder.resolve("cache").toString());
    builder.redirectError(folder.resolve("errors").toFile());
    Process process = builder.start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), output);
      assertEquals(0, process.exitValue(), Files.readString(folder.resolve("errors")));
      return output.lines().toList();
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * Asks for a GPU, then for the CPU.
   *
   * @param arguments the bundle
   */
  public static void main(String[] arguments) throws IOException {
    Bundle bundle = Bundle.open(Path.of(arguments[0]), Integrity.SIZES);
    OnnxBackendProvider provider = new OnnxBackendProvider();
    try {
      provider.open(bundle, BackendConfig.builder().device("cuda").build()).close();
    } catch (UnsupportedFeatureException e) {
      System.out.println(e.getMessage());
    }
    System.out.println(provider.probe().equals(Availability.usable()) ? "usable" : "unusable");
    provider.open(bundle, BackendConfig.defaults()).close();
    System.out.println("computes on the CPU");
  }
}
