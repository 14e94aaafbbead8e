package dev.showo2.backend.tensorrt.internal.engines;

import dev.showo2.error.BackendException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The class path with which another process finds the classes of this one: the jars and folders
 * that hold the classes it begins with, all jars that their class loaders know, and the class path
 * of this process. Class loaders that read jars within jars, such as those of Spring Boot, have no
 * class path.
 */
final class ChildClassPath {

  /** In nearly every jar, so that a class loader tells the jars that it reads. */
  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  private static final String JAR = "jar:file:";
  private static final String ENTRY = "!/";

  private ChildClassPath() {}

  /**
   * Derives a class path.
   *
   * @param needed the classes that have to be found, of each artifact one
   * @throws BackendException if one of them is not in a file or folder of its own
   */
  static String of(List<Class<?>> needed) {
    Set<Path> entries = new LinkedHashSet<>();
    for (Class<?> type : needed) {
      entries.add(location(type));
    }
    for (Class<?> type : needed) {
      entries.addAll(jars(type.getClassLoader()));
    }
    for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
      entries.add(Path.of(entry).toAbsolutePath().normalize());
    }
    return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private static Path location(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    URL url = source == null ? null : source.getLocation();
    return Optional.ofNullable(url)
        .flatMap(found -> file(found.toString()))
        .filter(Files::exists)
        .orElseThrow(
            () ->
                new BackendException(
                    "engines are built by a Java process of its own, whose class path cannot be"
                        + " derived: "
                        + type.getName()
                        + " is loaded from "
                        + url
                        + ", a jar or folder was expected. Name the jars of this program,"
                        + " unpacked, by the option '"
                        + EngineCache.CLASS_PATH_OPTION
                        + "', separated by '"
                        + File.pathSeparator
                        + "'"));
  }

  private static Set<Path> jars(ClassLoader loader) {
    Set<Path> jars = new LinkedHashSet<>();
    try {
      for (URL manifest : Collections.list(loader.getResources(MANIFEST))) {
        String text = manifest.toString();
        // What is within a jar within a jar has two of these.
        if (text.startsWith(JAR) && text.endsWith(ENTRY + MANIFEST)) {
          String jar = text.substring("jar:".length(), text.length() - (ENTRY + MANIFEST).length());
          if (!jar.contains(ENTRY)) {
            file(jar).ifPresent(jars::add);
          }
        }
      }
    } catch (IOException e) {
      // Those that are needed for certain are there already.
    }
    return jars;
  }

  private static Optional<Path> file(String url) {
    try {
      return url.startsWith("file:")
          ? Optional.of(Path.of(new URI(url)).toAbsolutePath().normalize())
          : Optional.empty();
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
