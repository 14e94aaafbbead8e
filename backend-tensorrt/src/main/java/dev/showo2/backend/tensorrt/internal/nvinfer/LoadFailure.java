package dev.showo2.backend.tensorrt.internal.nvinfer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells which library was missing when JavaCPP could not load one, and what brings it. */
final class LoadFailure {

  /** How the dynamic linker names what it did not find. */
  private static final Pattern LIBRARY =
      Pattern.compile("(lib[\\w+-]+\\.so[.\\d]*): cannot open shared object file");

  private static final Pattern JNI = Pattern.compile("\\bno (jni\\w+) in java\\.library\\.path");
  private static final Pattern CLASS = Pattern.compile("^org[/.]bytedeco[/.](\\w+)[/.]\\S+$");
  private static final int CAUSES = 10;

  private LoadFailure() {}

  /** The reason in one line. */
  static String explain(Throwable failure) {
    String jni = null;
    Throwable at = failure;
    for (int depth = 0; at != null && depth < CAUSES; depth++, at = at.getCause()) {
      String message = String.valueOf(at.getMessage());
      Matcher library = LIBRARY.matcher(message);
      if (library.find()) {
        return library.group(1) + " is missing: " + advice(library.group(1));
      }
      Matcher unresolved = CLASS.matcher(message);
      if (unresolved.matches()) {
        return message.replace('/', '.')
            + " is missing: add "
            + JavacppArtifacts.classes(unresolved.group(1))
            + " to the class path";
      }
      Matcher missing = JNI.matcher(message);
      if (jni == null && missing.find()) {
        jni = missing.group(1);
      }
    }
    if (jni != null) {
      return "lib"
          + jni
          + ".so is missing: add "
          + JavacppArtifacts.natives("tensorrt")
          + " and "
          + JavacppArtifacts.natives("cuda")
          + " to the class path";
    }
    return "JavaCPP cannot load the libraries: " + String.valueOf(failure).replaceAll("\\s+", " ");
  }

  private static String advice(String library) {
    if (library.startsWith("libcuda.")) {
      return "install NVIDIA's driver, " + NvinferProbe.DRIVER + " or newer";
    }
    if (library.startsWith("libnvinfer") || library.startsWith("libnvonnxparser")) {
      return "add "
          + JavacppArtifacts.natives("tensorrt")
          + "-redist to the class path, or name the folder of an installed TensorRT "
          + JavacppArtifacts.version("tensorrt").split("-", 2)[0]
          + " in java.library.path";
    }
    if (library.startsWith("libcudart.") || library.startsWith("libnvrtc")) {
      return "add org.bytedeco:cuda-redist:"
          + JavacppArtifacts.version("cuda")
          + ":"
          + JavacppArtifacts.platform()
          + " to the class path, or name the folder of an installed CUDA "
          + cudaVersion()
          + " in java.library.path";
    }
    if (library.startsWith("libcublas") || library.startsWith("libcudnn")) {
      return "install NVIDIA's cuBLAS and cuDNN for CUDA "
          + cudaVersion()
          + ", and name their folder in java.library.path";
    }
    return "it is needed by " + JavacppArtifacts.natives("cuda") + "; install it";
  }

  private static String cudaVersion() {
    return JavacppArtifacts.version("cuda").split("-", 2)[0];
  }
}
