package dev.showo2.backend.djl;

import ai.djl.pytorch.jni.LibUtils;
import dev.showo2.error.BackendException;
import dev.showo2.natives.internal.NativeLoading;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The native libraries of PyTorch on the class path, of this platform and in the version for which
 * DJL's own native library was built. Nothing is loaded here, and DJL is not asked: where something
 * is missing or does not fit, it would go to the network.
 *
 * @param version of the libraries, such as "2.7.1-20250812"
 * @param flavor "cpu", or CUDA's as in "cu128"
 * @param platform as in "linux-x86_64", the classifier of the artifact
 * @param files names of the libraries
 * @param bridge version of DJL's own native library, such as "2.7.1-0.36.0"
 */
record DjlNatives(
    String version, String flavor, String platform, List<String> files, String bridge) {

  private static final String GROUP = "ai.djl.pytorch:";
  private static final String CPU = "cpu";

  /** Those for which PyTorch's artifacts exist. */
  private static final List<String> PLATFORMS =
      List.of("linux-x86_64", "linux-aarch64", "osx-aarch64", "win-x86_64");

  /** What DJL itself takes them from; each artifact of natives has a file of this name. */
  private static final String DESCRIPTION = "native/lib/pytorch.properties";

  private static final String BRIDGE_DESCRIPTION = "jnilib/pytorch.properties";
  private static final String ENGINE_DESCRIPTION = "pytorch-engine.properties";

  /** The day on which libraries were built. */
  private static final String BUILD = "-\\d{8}$";

  private static volatile DjlNatives found;

  DjlNatives {
    files = List.copyOf(files);
  }

  /**
   * Finds the libraries.
   *
   * @throws BackendException if there are none for this platform, or in another version; the
   *     message names the artifact to add
   */
  static DjlNatives find() {
    DjlNatives known = found;
    if (known == null) {
      known = find(LibUtils.class.getClassLoader(), thisPlatform());
      found = known;
    }
    return known;
  }

  static DjlNatives find(ClassLoader loader, String platform) {
    try {
      Properties engine = read(loader.getResource(ENGINE_DESCRIPTION));
      String djl = engine.getProperty("djl_version");
      String torch = engine.getProperty("pytorch_version");
      String bridge = read(loader.getResource(BRIDGE_DESCRIPTION)).getProperty("jni_version");
      if (bridge == null) {
        throw new BackendException(
            "DJL's own native library is missing: add " + bridge(torch + "-" + djl));
      }
      if (!bridge.endsWith("-" + djl)) {
        throw new BackendException(
            bridge(bridge)
                + " does not fit "
                + GROUP
                + "pytorch-engine:"
                + djl
                + ": take "
                + bridge(torch + "-" + djl));
      }
      return choose(described(loader), bridge, platform, loader);
    } catch (IOException e) {
      throw new BackendException(
          "the native libraries of PyTorch cannot be read: " + NativeLoading.reason(e), e);
    }
  }

  private static DjlNatives choose(
      List<Properties> described, String bridge, String platform, ClassLoader loader) {
    String wanted = bridge.substring(0, bridge.lastIndexOf('-'));
    String cpu = artifact(CPU, wanted, platform);
    if (!PLATFORMS.contains(platform)) {
      throw new BackendException(
          "PyTorch has no native libraries for " + platform + ", only for " + PLATFORMS);
    }
    List<Properties> here =
        described.stream()
            .filter(each -> each.getProperty("placeholder") == null)
            .filter(each -> platform.equals(each.getProperty("classifier")))
            .toList();
    if (here.isEmpty()) {
      throw new BackendException(
          "the native libraries of PyTorch are missing: add "
              + cpu
              + " (112 MB)"
              + (described.isEmpty() ? "" : ", found only " + names(described)));
    }
    return here.stream()
        .filter(each -> version(each).replaceFirst(BUILD, "").equals(wanted))
        .map(each -> of(each, bridge))
        .filter(each -> loader.getResource(each.bridgeResource()) != null)
        // Those with CUDA compute on the CPU as well.
        .max(Comparator.comparing(each -> each.isCuda()))
        .orElseThrow(
            () ->
                new BackendException(
                    names(here) + " does not fit " + bridge(bridge) + ": take " + cpu));
  }

  private static DjlNatives of(Properties described, String bridge) {
    return new DjlNatives(
        version(described),
        flavor(described),
        described.getProperty("classifier"),
        Stream.of(described.getProperty("libraries", "").split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList(),
        bridge);
  }

  /** The name of an artifact for people. */
  static String artifact(String flavor, String version, String platform) {
    return GROUP + "pytorch-native-" + flavor + ":" + version + ":" + platform;
  }

  private static String bridge(String version) {
    return GROUP + "pytorch-jni:" + version;
  }

  private static String names(List<Properties> described) {
    return String.join(
        ", ",
        described.stream()
            .map(
                each ->
                    each.getProperty("placeholder") == null
                        ? artifact(
                            flavor(each),
                            version(each).replaceFirst(BUILD, ""),
                            each.getProperty("classifier"))
                        : GROUP + "pytorch-native-auto, which has none and would download them")
            .collect(java.util.stream.Collectors.toCollection(TreeSet::new)));
  }

  private static String version(Properties described) {
    return described.getProperty("version", "unknown");
  }

  private static String flavor(Properties described) {
    return described.getProperty("flavor", CPU);
  }

  private static List<Properties> described(ClassLoader loader) throws IOException {
    List<Properties> all = new ArrayList<>();
    for (URL each : Collections.list(loader.getResources(DESCRIPTION))) {
      all.add(read(each));
    }
    return all;
  }

  private static Properties read(URL url) throws IOException {
    Properties properties = new Properties();
    if (url != null) {
      URLConnection connection = url.openConnection();
      // A cached jar would stay open, and with it the class loader that it belongs to.
      connection.setUseCaches(false);
      try (InputStream in = connection.getInputStream()) {
        properties.load(in);
      }
    }
    return properties;
  }

  /** This platform as DJL names it. */
  static String thisPlatform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String family = system.startsWith("win") ? "win" : system.startsWith("mac") ? "osx" : "linux";
    return family + "-" + System.getProperty("os.arch").replace("amd64", "x86_64");
  }

  boolean isCuda() {
    return flavor.startsWith("cu");
  }

  /** The version of PyTorch, such as "2.7.1". */
  String torch() {
    return version.replaceFirst(BUILD, "");
  }

  String artifact() {
    return artifact(flavor, torch(), platform);
  }

  /** The path of DJL's own native library on the class path. */
  String bridgeResource() {
    return "jnilib/" + platform + "/" + flavor + "/" + System.mapLibraryName("djl_torch");
  }

  /** The paths of all libraries on the class path, each after those that it needs. */
  List<String> resources() {
    List<String> last =
        Stream.of("fbgemm", "torch_cpu", "torch").map(System::mapLibraryName).toList();
    return Stream.concat(
            files.stream()
                .sorted(Comparator.comparing(last::indexOf))
                .map(file -> "pytorch/" + flavor + "/" + platform + "/" + file),
            Stream.of(bridgeResource()))
        .toList();
  }
}
