package dev.showo2.natives.internal;

import dev.showo2.model.internal.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import org.apiguardian.api.API;

/**
 * The native libraries that an artifact carries for this platform.
 *
 * @param artifact for people, such as {@code com.microsoft.onnxruntime:onnxruntime}
 * @param folder a name for their folder, which differs for other versions and contents
 * @param files in the order in which they are loaded
 * @param oncePerProcess names of files of which a process may have no second copy; the libraries
 *     that another class loader gets find those that are loaded
 * @param onDemand names of files that are not loaded: a library loads them from its own folder once
 *     it needs them
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record NativeLibraries(
    String artifact,
    String folder,
    List<Resource> files,
    Set<String> oncePerProcess,
    Set<String> onDemand) {

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int CONTENT_DIGITS = 8;

  /**
   * A library as a resource.
   *
   * @param url where it is read
   * @param name of the file
   * @param size in bytes
   * @param crc of all bytes, as in the directory of a jar
   */
  public record Resource(URL url, String name, long size, long crc) {

    /** Opens the content; the caller closes it. */
    InputStream open() throws IOException {
      return connect(url).getInputStream();
    }
  }

  /**
   * Copies the components.
   *
   * @param artifact for people
   * @param folder a name for their folder
   * @param files in the order in which they are loaded
   * @param oncePerProcess names of files
   * @param onDemand names of files
   */
  public NativeLibraries {
    Objects.requireNonNull(artifact, "artifact");
    Objects.requireNonNull(folder, "folder");
    files = List.copyOf(files);
    oncePerProcess = Set.copyOf(oncePerProcess);
    onDemand = Set.copyOf(onDemand);
  }

  /**
   * Makes libraries of which each class loader may have a copy.
   *
   * @param artifact for people
   * @param folder a name for their folder
   * @param files in the order in which they are loaded
   */
  public NativeLibraries(String artifact, String folder, List<Resource> files) {
    this(artifact, folder, files, Set.of(), Set.of());
  }

  /**
   * Returns these libraries, some of which a process may have once only.
   *
   * @param names of files
   * @return the same files in the same order
   */
  public NativeLibraries withOncePerProcess(Set<String> names) {
    return new NativeLibraries(artifact, folder, files, names, onDemand);
  }

  /**
   * Returns these libraries, some of which are unpacked beside the others and not loaded.
   *
   * @param names of files
   * @return the same files in the same order
   */
  public NativeLibraries withOnDemand(Set<String> names) {
    return new NativeLibraries(artifact, folder, files, oncePerProcess, names);
  }

  /** {@return the files to load, in their order} */
  List<Resource> loaded() {
    return files.stream().filter(file -> !onDemand.contains(file.name())).toList();
  }

  /** {@return those that a class loader needs beside another one that has them all} */
  NativeLibraries forAnotherClassLoader() {
    List<Resource> own =
        files.stream().filter(file -> !oncePerProcess.contains(file.name())).toList();
    return new NativeLibraries(artifact, folder, own).withOnDemand(onDemand);
  }

  /**
   * Finds the libraries of an artifact.
   *
   * @param artifact for people
   * @param name of the folder, to which version and checksum are added
   * @param version of the artifact; null if it does not tell
   * @param anchor a class beside the resources
   * @param paths of the resources, from the root of the class path
   * @return the libraries; empty if one of them is missing
   * @throws IOException if the artifact cannot be read
   */
  public static Optional<NativeLibraries> find(
      String artifact, String name, String version, Class<?> anchor, List<String> paths)
      throws IOException {
    List<Resource> files = new ArrayList<>();
    StringBuilder contents = new StringBuilder();
    for (String path : paths) {
      URL url = anchor.getResource("/" + path);
      if (url == null) {
        return Optional.empty();
      }
      Resource file = describe(url, path.substring(path.lastIndexOf('/') + 1));
      files.add(file);
      contents.append(file.name()).append(file.size()).append(' ').append(file.crc()).append('\n');
    }
    String known = version == null ? "unknown" : version.replaceAll("[^A-Za-z0-9.+_-]", "_");
    String content = Sha256.of(contents.toString().getBytes(StandardCharsets.UTF_8));
    return Optional.of(
        new NativeLibraries(
            artifact, name + "-" + known + "-" + content.substring(0, CONTENT_DIGITS), files));
  }

  /** The directory of a jar tells size and checksum, so that nothing need be unpacked for them. */
  private static Resource describe(URL url, String name) throws IOException {
    if (connect(url) instanceof JarURLConnection connection) {
      // Not the cached one, which the application may be using.
      try (JarFile jar = connection.getJarFile()) {
        JarEntry entry = jar.getJarEntry(connection.getEntryName());
        if (entry != null && entry.getSize() >= 0 && entry.getCrc() >= 0) {
          return new Resource(url, name, entry.getSize(), entry.getCrc());
        }
      }
    }
    CRC32 crc = new CRC32();
    long size = 0;
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = connect(url).getInputStream()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        crc.update(buffer, 0, read);
        size += read;
      }
    }
    return new Resource(url, name, size, crc.getValue());
  }

  /** A cached jar would stay open, and with it the class loader that it belongs to. */
  private static URLConnection connect(URL url) throws IOException {
    URLConnection connection = url.openConnection();
    connection.setUseCaches(false);
    return connection;
  }
}
