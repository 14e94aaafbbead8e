package dev.showo2.backend.djl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Descriptions of native libraries as PyTorch's artifacts have them, without the libraries. */
final class DescribedNatives {

  private DescribedNatives() {}

  /** An entry of the class path that describes libraries of this platform. */
  static Path write(Path folder, String version) throws IOException {
    return write(folder, version, "cpu", DjlNatives.thisPlatform());
  }

  static Path write(Path folder, String version, String flavor, String platform)
      throws IOException {
    return lines(
        folder,
        "native/lib/pytorch.properties",
        "version=" + version,
        "flavor=" + flavor,
        "classifier=" + platform,
        "libraries=libtorch_cpu.so,libc10.so,libtorch.so,libfbgemm.so,libgomp.so.1");
  }

  /** An entry of the class path with one file. */
  static Path lines(Path folder, String file, String... lines) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, List.of(lines));
    return folder;
  }
}
