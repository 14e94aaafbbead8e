package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.model.Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** On a disk in memory that is as large as the test wants. */
class DiskFullTest {

  private static final long MIB = 1 << 20;
  private static final int BLOCK = 4096;

  @Test
  void anExportThatFitsSucceeds() throws IOException {
    try (FileSystem disk = disk(80 * MIB)) {
      ExportRequest request = request(disk);
      ModelExporter.export(request, ExportListener.NONE);
      assertEquals("checkpoint", Bundle.open(request.bundle()).manifest().name());
    }
  }

  @Test
  void aDiskThatIsTooSmallIsSeenBeforeAnythingIsWritten() throws IOException {
    try (FileSystem disk = disk(60 * MIB)) {
      Leftovers.assertRefused(
          IOException.class,
          request(disk),
          new ExportListener() {
            @Override
            public void progress(long done, long total) {
              throw new AssertionError("weights were written");
            }
          },
          "the bundle needs ",
          " MiB in /work, ",
          " MiB are free; make room");
    }
  }

  @Test
  void aDiskThatFillsUpOnTheWayLeavesNothing() throws IOException {
    for (String phase :
        new String[] {
          "writing text.safetensors", "writing vae_image.safetensors", "writing graphs"
        }) {
      try (FileSystem disk = disk(80 * MIB)) {
        Path filler = Files.createDirectory(disk.getPath("/other")).resolve("filler");
        ExportListener fillsUp =
            new ExportListener() {
              @Override
              public void phase(String what) {
                if (what.equals(phase)) {
                  fill(filler);
                }
              }
            };
        Leftovers.assertRefused(IOException.class, request(disk), fillsUp, "out of disk space");
        assertTrue(Files.exists(filler), phase);
      }
    }
  }

  private static void fill(Path filler) {
    try {
      long free = Files.getFileStore(filler.getParent()).getUsableSpace();
      Files.write(filler, new byte[(int) (free - free % BLOCK)]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileSystem disk(long size) {
    return Jimfs.newFileSystem(
        Configuration.unix().toBuilder().setBlockSize(BLOCK).setMaxSize(size).build());
  }

  private static ExportRequest request(FileSystem disk) throws IOException {
    Path work = disk.getPath("/work");
    return ExportRequest.of(
        TestCheckpoint.tiny().write(work.resolve("checkpoint")), work.resolve("bundle"));
  }
}
