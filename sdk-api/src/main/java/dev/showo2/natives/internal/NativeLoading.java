package dev.showo2.natives.internal;

import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.error.internal.Interruptions;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * Loads native libraries from the cache folder, or where that cannot be from the folder of
 * temporary files. A library that another class loader of this JVM has loaded is loaded from a copy
 * of its own, since the JVM gives a file to one class loader only.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class NativeLoading {

  /**
   * Guards system properties that are set for the time of loading. It is one for the whole JVM,
   * also where class loaders have this class several times: constant strings are shared.
   */
  public static final Object LOCK = "dev.showo2.natives.internal.NativeLoading.LOCK";

  /** How a system refuses to run code of a folder, as on one that is mounted with noexec. */
  private static final List<String> NOT_EXECUTABLE =
      List.of("failed to map", "not permitted", "permission denied", "access is denied");

  private static final String LOADED_ELSEWHERE = "already loaded in another classloader";

  /** The name of the cache folder's part that this class writes. */
  public static final String FOLDER = "native";

  /**
   * A folder to load from.
   *
   * @param path of this place; null where it cannot be told
   * @param failure why it cannot be told
   * @param cached whether libraries stay there
   */
  record Place(Path path, IOException failure, boolean cached) {

    static Place cache() {
      try {
        return new Place(CacheFolder.locate().resolve(FOLDER), null, true);
      } catch (IOException e) {
        return new Place(null, e, true);
      }
    }

    static Place temporary() {
      return new Place(Path.of(System.getProperty("java.io.tmpdir")), null, false);
    }

    Path unpack(NativeLibraries libraries) throws IOException {
      if (failure != null) {
        throw failure;
      }
      return cached
          ? new NativeCache(path).unpack(libraries)
          : NativeCache.unpackOnce(libraries, path);
    }

    /**
     * @throws IOException if libraries cannot be there
     */
    void require() throws IOException {
      if (failure != null) {
        throw failure;
      }
      if (cached) {
        // What was unpacked may be read-only.
        new NativeCache(path).create();
      } else if (!Files.isDirectory(path)) {
        throw new NoSuchFileException(path.resolve("x").toString());
      } else if (!Files.isWritable(path)) {
        throw new AccessDeniedException(path.toString());
      }
    }

    String describe(IOException e) {
      return path == null ? reason(e) : path + ": " + reason(e);
    }
  }

  private NativeLoading() {}

  /**
   * Loads libraries for the class loader of an artifact, and then initializes the artifact.
   *
   * @param libraries of the artifact
   * @param load {@link System#load}, called by a class of that class loader
   * @param initialize is told the folder, which may be deleted once it has returned
   * @throws BackendException if they cannot be unpacked or do not run here; the message names the
   *     folders and what to do
   * @throws CancelledException if the thread is interrupted
   */
  public static void load(
      NativeLibraries libraries, Consumer<String> load, Consumer<Path> initialize) {
    load(libraries, List.of(Place.cache(), Place.temporary()), load, initialize);
  }

  static void load(
      NativeLibraries libraries,
      List<Place> places,
      Consumer<String> load,
      Consumer<Path> initialize) {
    synchronized (LOCK) {
      List<String> failures = new ArrayList<>();
      Throwable first = null;
      for (Place place : places) {
        try (LoadedFolder folder = LoadedFolder.open(libraries, place, load)) {
          initialize.accept(folder.path());
          return;
        } catch (IOException e) {
          if (Interruptions.caused(e)) {
            throw new CancelledException(
                "cancelled: the thread was interrupted while native libraries were unpacked", e);
          }
          failures.add(place.describe(e));
          first = first == null ? e : first;
        }
      }
      throw cannotLoad(libraries.artifact(), failures, first);
    }
  }

  /**
   * Looks whether there is a folder to load from, without unpacking anything.
   *
   * @param artifact of libraries, for people
   * @throws BackendException if there is none, as loading would throw it
   */
  public static void requireFolder(String artifact) {
    requireFolder(artifact, List.of(Place.cache(), Place.temporary()));
  }

  static void requireFolder(String artifact, List<Place> places) {
    List<String> failures = new ArrayList<>();
    for (Place place : places) {
      try {
        place.require();
        return;
      } catch (IOException e) {
        failures.add(place.describe(e));
      }
    }
    throw cannotLoad(artifact, failures, null);
  }

  private static BackendException cannotLoad(
      String artifact, List<String> failures, Throwable cause) {
    return new BackendException(
        "the native libraries of "
            + artifact
            + " cannot be unpacked and loaded ("
            + String.join("; ", failures)
            + "); name a folder that this user can write to and whose files may be run, by the"
            + " environment variable "
            + CacheFolder.VARIABLE
            + " or with -Djava.io.tmpdir=FOLDER",
        cause);
  }

  /** A folder whose libraries are loaded. */
  private record LoadedFolder(Path path, boolean kept) implements AutoCloseable {

    /**
     * @throws IOException if this place does not do, but another may
     */
    static LoadedFolder open(NativeLibraries libraries, Place place, Consumer<String> load)
        throws IOException {
      LoadedFolder folder = new LoadedFolder(place.unpack(libraries), place.cached());
      try {
        folder.load(libraries, load);
        return folder;
      } catch (UnsatisfiedLinkError e) {
        folder.close();
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (place.cached() && message.contains(LOADED_ELSEWHERE)) {
          return again(libraries, place, load);
        }
        if (NOT_EXECUTABLE.stream().anyMatch(message::contains)) {
          // The message begins with the file's path, twice.
          throw new IOException(
              "files there may not be run, as where noexec is set ("
                  + e.getMessage().substring(e.getMessage().lastIndexOf(": ") + 1).strip()
                  + ")");
        }
        throw new BackendException(
            "the native libraries of "
                + libraries.artifact()
                + " do not run on this system, "
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.arch")
                + ": "
                + e.getMessage(),
            e);
      }
    }

    private static LoadedFolder again(NativeLibraries libraries, Place place, Consumer<String> load)
        throws IOException {
      NativeLibraries own = libraries.forAnotherClassLoader();
      LoadedFolder copy = new LoadedFolder(new NativeCache(place.path()).unpackAgain(own), false);
      try {
        copy.load(own, load);
        return copy;
      } catch (UnsatisfiedLinkError e) {
        copy.close();
        throw new IOException(e.getMessage(), e);
      }
    }

    private void load(NativeLibraries libraries, Consumer<String> load) {
      for (NativeLibraries.Resource file : libraries.loaded()) {
        load.accept(path.resolve(file.name()).toString());
      }
    }

    @Override
    public void close() {
      if (!kept) {
        PrivateFolders.delete(path);
      }
    }
  }

  /**
   * The innermost cause in one line: what wraps it says less.
   *
   * @param failure to write files or to load them, with its causes
   * @return for people
   */
  public static String reason(Throwable failure) {
    Throwable cause =
        Stream.iterate(failure, each -> each != null, Throwable::getCause)
            .reduce((outer, inner) -> inner)
            .orElseThrow();
    if (cause instanceof FileSystemException file && file.getReason() == null) {
      if (file instanceof NoSuchFileException) {
        return "no such folder: " + Path.of(file.getFile()).getParent();
      }
      if (file instanceof AccessDeniedException) {
        return "access denied: " + file.getFile();
      }
    }
    String message = cause.getMessage();
    return message == null || message.isBlank() ? cause.toString() : message.strip();
  }
}
