package dev.showo2.natives.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NativeCacheTest {

  @TempDir private Path folder;
  private Path root;
  private NativeLibraries libraries;

  @BeforeEach
  void prepare() throws IOException {
    root = folder.resolve("cache/native");
    libraries = NativeFixture.libraries(Files.createDirectory(folder.resolve("artifact")));
  }

  private Path unpack() throws IOException {
    return new NativeCache(root).unpack(libraries);
  }

  private static void assertIntact(Path unpacked) throws IOException {
    for (String name : NativeFixture.NAMES) {
      assertEquals(NativeFixture.content(name), Files.readString(unpacked.resolve(name)));
      assertEquals("rw-------", permissions(unpacked.resolve(name)));
    }
    assertEquals("rwx------", permissions(unpacked));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(root)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void unpacksOnce() throws IOException {
    Path first = unpack();
    assertIntact(first);
    assertEquals(List.of(".lock", "engine-1.0-abcd"), names());
    Path file = first.resolve("libone.so");
    Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    assertEquals(first, unpack());
    assertEquals(FileTime.fromMillis(0), Files.getLastModifiedTime(file), "not written again");
  }

  private enum Damage {
    TRUNCATED {
      @Override
      void to(Path file) throws IOException {
        Files.writeString(file, "the code");
      }
    },
    CHANGED {
      @Override
      void to(Path file) throws IOException {
        Files.writeString(file, NativeFixture.content("libtwo.so").replace("code", "evil"));
      }
    },
    MISSING {
      @Override
      void to(Path file) throws IOException {
        Files.delete(file);
      }
    },
    LINKED {
      @Override
      void to(Path file) throws IOException {
        Path elsewhere = Files.move(file, file.resolveSibling("elsewhere"));
        Files.createSymbolicLink(file, elsewhere);
      }
    },
    WRITABLE_BY_ALL {
      @Override
      void to(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
      }
    },
    IN_A_FOLDER_OF_ALL {
      @Override
      void to(Path file) throws IOException {
        Files.setPosixFilePermissions(
            file.getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
      }
    },
    WITHOUT_HASHES {
      @Override
      void to(Path file) throws IOException {
        Files.delete(file.resolveSibling(NativeCache.HASHES));
      }
    };

    abstract void to(Path file) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void replacesWhatIsNotAsTheArtifactSays(Damage damage) throws IOException {
    damage.to(unpack().resolve("libtwo.so"));
    assertIntact(unpack());
    assertEquals(List.of(".lock", "engine-1.0-abcd"), names());
  }

  /** All files are large for it. */
  private Path unpackLarge(Duration settled) throws IOException {
    return new NativeCache(root, 1, settled).unpack(libraries);
  }

  @ParameterizedTest
  @EnumSource
  void replacesLargeFilesThatAreNotAsTheArtifactSays(Damage damage) throws IOException {
    damage.to(unpackLarge(Duration.ofDays(1)).resolve("libtwo.so"));
    assertIntact(unpackLarge(Duration.ofDays(1)));
  }

  /** Reading them would show that their hashes are not those that were noted. */
  @Test
  void largeFilesAreReadOnce() throws IOException {
    Path hashes = unpackLarge(Duration.ZERO).resolve(NativeCache.HASHES);
    Files.writeString(hashes, "none");
    unpackLarge(Duration.ZERO);
    assertEquals("none", Files.readString(hashes));
  }

  @Test
  void largeFilesThatSomebodyTouchedAreReadOnceMore() throws IOException {
    Path file = unpackLarge(Duration.ZERO).resolve("libtwo.so");
    List<String> noted = Files.readAllLines(file.resolveSibling(CheckedFiles.NAME));
    Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    unpackLarge(Duration.ZERO);
    assertEquals(FileTime.fromMillis(0), Files.getLastModifiedTime(file), "not written again");
    List<String> again = Files.readAllLines(file.resolveSibling(CheckedFiles.NAME));
    assertEquals(2, again.size());
    assertNotEquals(noted, again);
    Files.writeString(file.resolveSibling(NativeCache.HASHES), "none");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    unpackLarge(Duration.ZERO);
    assertNotEquals("none", Files.readString(file.resolveSibling(NativeCache.HASHES)));
  }

  @Test
  void deletesWhatOthersLeftUnfinished() throws IOException {
    unpack();
    Files.createDirectories(root.resolve(".part-1/x"));
    Files.delete(root.resolve("engine-1.0-abcd/libone.so"));
    assertIntact(unpack());
    assertEquals(List.of(".lock", "engine-1.0-abcd"), names());
  }

  @Test
  void loadsFromNoPlaceThatEverybodyMayChange() throws IOException {
    unpack();
    Files.setPosixFilePermissions(root.getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
    IOException failure = assertThrows(IOException.class, this::unpack);
    assertEquals(
        "every user may change what is in " + root.getParent() + "; take that away with chmod o-w",
        failure.getMessage());
    // Where others cannot delete what is not theirs, as in /tmp, it may be used.
    Files.setAttribute(root.getParent(), "unix:mode", 01777);
    assertIntact(unpack());
  }

  @Test
  void artifactThatIsDamagedIsNotUnpacked() throws IOException {
    Files.writeString(folder.resolve("artifact/libtwo.so"), "the mode of libtwo.so");
    IOException failure = assertThrows(IOException.class, this::unpack);
    assertTrue(failure.getMessage().startsWith("the artifact is damaged: file:"));
    assertEquals(List.of(".lock"), names());
  }
}
