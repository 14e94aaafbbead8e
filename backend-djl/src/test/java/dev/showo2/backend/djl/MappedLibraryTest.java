package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedLibraryTest {

  private static final String NAME = "libtorch_cpu.so";

  @TempDir private Path folder;

  private Optional<MappedLibrary> find(String line) throws IOException {
    Path maps =
        Files.writeString(
            folder.resolve("maps"),
            "7f0000000000-7f0000001000 r--p 00000000 fe:00 1 /x/libc10.so\n"
                + "7f0000000000-7f0000001000 rw-p 00000000 00:00 0\n"
                + line
                + "\n");
    return MappedLibrary.find(NAME, maps);
  }

  @Test
  void pathIsFound() throws IOException {
    MappedLibrary found =
        find("7f00-7f01 r-xp 00000000 fe:00 2    " + folder + "/" + NAME).orElseThrow();
    assertEquals(folder.resolve(NAME).toString(), found.toString());
    assertTrue(found.isIn(folder));
    assertFalse(found.isIn(folder.resolve("absent")));
    Files.writeString(folder.resolve(NAME), "code");
    assertTrue(found.hasSize(4));
    assertFalse(found.hasSize(5));
  }

  /** Such as a copy in a folder of temporary files, which is deleted once it is loaded. */
  @Test
  void fileThatIsGoneIsFound() throws IOException {
    MappedLibrary found =
        find("7f00-7f01 r-xp 00000000 fe:00 2 /tmp/a b/" + NAME + " (deleted)").orElseThrow();
    assertEquals(Path.of("/tmp/a b", NAME), found.path());
    assertTrue(found.hasSize(5), "as far as can be told");
  }

  @Test
  void otherFilesAreNotTakenForIt() throws IOException {
    assertEquals(Optional.empty(), find("7f00-7f01 r-xp 0 fe:00 2 /tmp/other_" + NAME));
    assertEquals(Optional.empty(), MappedLibrary.find(NAME, folder.resolve("absent")));
  }
}
