package dev.showo2.export.synthetic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.model.Architecture;
import dev.showo2.testing.ArchitectureBuilder;
import dev.showo2.testing.TinyTokenizer;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever goes wrong, nothing of the checkpoint is left, neither at its path nor beside it. */
class SyntheticFailureTest {

  private static final Architecture SIZES = TinyArchitecture.TIED;

  @TempDir Path folder;

  private Path tokenizer;

  @BeforeEach
  void writeTokenizer(@TempDir Path other) throws IOException {
    tokenizer = TinyTokenizer.write(other);
  }

  @AfterEach
  void forgetTheInterruption() {
    Thread.interrupted();
  }

  @Test
  void anInterruptedThreadEnds() throws IOException {
    for (long after : new long[] {0, 200_000, 1_000_000}) {
      assertFails(
          CancelledException.class,
          folder.resolve("checkpoint"),
          tokenizer,
          new ExportListener() {
            @Override
            public void progress(long done, long total) {
              if (done > after) {
                Thread.currentThread().interrupt();
              }
            }
          },
          "interrupted");
      assertTrue(Thread.interrupted(), "the interruption stays visible");
    }
  }

  @Test
  void aListenerThatFailsEndsIt() throws IOException {
    assertFails(
        IllegalStateException.class,
        folder.resolve("checkpoint"),
        tokenizer,
        new ExportListener() {
          @Override
          public void phase(String what) {
            if (what.equals("writing vae.safetensors")) {
              throw new IllegalStateException("enough");
            }
          }
        },
        "enough");
  }

  @Test
  void aFullDiskIsSeenBefore() throws IOException {
    try (FileSystem disk =
        Jimfs.newFileSystem(Configuration.unix().toBuilder().setMaxSize(60L << 20).build())) {
      Path work = Files.createDirectory(disk.getPath("/disk"));
      assertFails(
          IOException.class,
          work.resolve("checkpoint"),
          tokenizer,
          ExportListener.NONE,
          "the checkpoint needs ");
    }
  }

  @Test
  void filesOfOthersStay() throws IOException {
    Path taken = Files.createDirectory(folder.resolve("checkpoint"));
    Files.writeString(taken.resolve("mine"), "1");
    assertFails(
        FileAlreadyExistsException.class,
        taken,
        tokenizer,
        ExportListener.NONE,
        "holds files already");
    assertEquals("1", Files.readString(taken.resolve("mine")));
  }

  @Test
  void theTokenizerMustFit() throws IOException {
    Path none = folder.resolve("none.json");
    assertFails(
        InvalidModelException.class,
        folder.resolve("checkpoint"),
        none,
        ExportListener.NONE,
        "none.json");
    Architecture moreRows =
        ArchitectureBuilder.from(SIZES).backbone(32, 3, 4, 2, 8, 56, 600, true).build();
    assertFails(
        InvalidModelException.class,
        folder.resolve("checkpoint"),
        SyntheticRequest.of(moreRows, 1, tokenizer),
        ExportListener.NONE,
        "has 508 tokens with those that Show-o2 adds, the model's embedding matrix has 600 rows");
  }

  private static <T extends Exception> void assertFails(
      Class<T> type, Path checkpoint, Path tokenizer, ExportListener listener, String message)
      throws IOException {
    assertFails(type, checkpoint, SyntheticRequest.of(SIZES, 1, tokenizer), listener, message);
  }

  private static <T extends Exception> void assertFails(
      Class<T> type,
      Path checkpoint,
      SyntheticRequest request,
      ExportListener listener,
      String message)
      throws IOException {
    List<Path> before = entries(checkpoint.getParent());
    T failure = assertThrows(type, () -> SyntheticCheckpoint.write(checkpoint, request, listener));
    assertTrue(failure.getMessage().contains(message), failure::toString);
    assertEquals(before, entries(checkpoint.getParent()), "nothing is left");
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }
}
