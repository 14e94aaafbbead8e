package dev.showo2.natives.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * The file permissions of folders from which native code is loaded: nobody but this user and the
 * administrator may put files into them. Where a file system knows no such permissions, as on
 * Windows, they are those of the folder that the user has named.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class PrivateFolders {

  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  /** Linux shows a process to its owner, whatever that user is called. */
  private static final Path THIS_PROCESS = Path.of("/proc/self");

  private static final int STICKY = 01000;

  private PrivateFolders() {}

  /** Makes a folder, and those around it that are missing. */
  public static void create(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, permissions(folder, "rwx------"));
    }
  }

  /** Makes a new folder with a random name. */
  public static Path createWithin(Path parent, String prefix) throws IOException {
    return Files.createTempDirectory(parent, prefix, permissions(parent, "rwx------"));
  }

  /** Makes a new file, whatever the permissions are that this user's files usually have. */
  public static OutputStream createFile(Path file) throws IOException {
    return Channels.newOutputStream(
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            permissions(file, "rw-------")));
  }

  private static FileAttribute<?>[] permissions(Path path, String permissions) {
    if (!posix(path)) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
  }

  /**
   * Refuses a folder in which others could exchange those of this user.
   *
   * @throws IOException if everybody may write to it, and delete what others wrote
   */
  public static void requireUnchangedByOthers(Path folder) throws IOException {
    if (posix(folder)
        && Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE)
        && ((int) Files.getAttribute(folder, "unix:mode") & STICKY) == 0) {
      throw new IOException(
          "every user may change what is in " + folder + "; take that away with chmod o-w");
    }
  }

  /**
   * Refuses a folder or file that is not private.
   *
   * @throws IOException if another user owns it or may write to it
   */
  public static void requirePrivate(Path path) throws IOException {
    if (!posix(path)) {
      return;
    }
    Set<PosixFilePermission> granted =
        EnumSet.copyOf(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    granted.retainAll(OF_OTHERS);
    if (!granted.isEmpty()) {
      throw new AccessDeniedException(path.toString(), null, "other users may write to it");
    }
    int owner = owner(path);
    if (owner != 0 && Files.exists(THIS_PROCESS) && owner != owner(THIS_PROCESS)) {
      throw new AccessDeniedException(path.toString(), null, "it belongs to another user");
    }
  }

  private static int owner(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:uid");
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  /** Deletes a folder and all that is in it, as far as that can be done. */
  public static void delete(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure)
                throws IOException {
              Files.delete(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      // Windows does not delete what is loaded; a later start does.
    }
  }
}
