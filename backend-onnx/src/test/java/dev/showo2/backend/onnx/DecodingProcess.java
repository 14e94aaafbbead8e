package dev.showo2.backend.onnx;

import dev.showo2.model.Bundle;
import dev.showo2.model.Integrity;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.Tensors;
import dev.showo2.tiling.Tiling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Decodes one image in a Linux process of its own, so that its memory can be told and limited. */
final class DecodingProcess {

  private static final long PATIENCE_SECONDS = 120;

  private DecodingProcess() {}

  /**
   * The report of the process.
   *
   * @param residentKib most memory that it held at once
   * @param virtualKib most addresses that it had at once
   * @param pixels hash of what it decoded
   */
  record Report(long residentKib, long virtualKib, int pixels, String log) {}

  /**
   * @param dialect of the graph
   * @param limitKib most addresses that it may have; 0 for any number
   * @throws AssertionError if it fails, with all it wrote
   */
  static Report run(
      Bundle bundle, String dialect, int side, Tiling.Use use, String heap, long limitKib)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (limitKib > 0) {
      command.addAll(List.of("sh", "-c", "ulimit -v \"$0\" && exec \"$@\"", "" + limitKib));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-cp", System.getProperty("java.class.path")));
    command.add(DecodingProcess.class.getName());
    command.addAll(List.of(bundle.directory().toString(), dialect, "" + side, use.name()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes());
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(output);
      }
      return report(output);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Report report(String output) {
    Map<String, Long> numbers = new TreeMap<>();
    output
        .lines()
        .filter(line -> line.matches("(VmHWM|VmPeak|pixels):\\s*-?\\d+.*"))
        .forEach(
            line ->
                numbers.put(
                    line.substring(0, line.indexOf(':')),
                    Long.valueOf(line.replaceAll("^\\w+:\\s*|\\s*kB$", ""))));
    return new Report(
        numbers.get("VmHWM"), numbers.get("VmPeak"), numbers.get("pixels").intValue(), output);
  }

  /**
   * @param arguments bundle, dialect, latents along each side, when tiles are used
   */
  public static void main(String[] arguments) throws IOException {
    Bundle bundle = Bundle.open(Path.of(arguments[0]), Integrity.SIZES);
    int side = Integer.parseInt(arguments[2]);
    Tiling tiling = Tiling.of(Tiling.Use.valueOf(arguments[3]));
    BackendConfig config = BackendConfig.builder().option("dialect", arguments[1]).build();
    HostTensor latents = Tensors.random(1, 1, 16, 1, side, side);
    try (Backend backend = tiling.wrap(new OnnxBackendProvider().open(bundle, config));
        Tensor input = backend.upload(latents);
        Tensor pixels = backend.vaeDecoder().decodeImage(input)) {
      System.out.println("pixels: " + pixels.toHost().hashCode());
    }
    Files.readString(Path.of("/proc/self/status")).lines().forEach(System.out::println);
  }
}
