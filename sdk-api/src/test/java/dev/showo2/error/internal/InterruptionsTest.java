package dev.showo2.error.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.ShowO2;
import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.media.video.VideoReader;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Backends;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Interrupts while files are read and backends are looked for: cancelled, and nothing else. */
@Timeout(60)
class InterruptionsTest {

  @TempDir private Path folder;

  @AfterEach
  void endInterrupt() {
    Thread.interrupted();
  }

  /** Reading through channels; the JDK's streams do not mind interrupts. */
  enum Reading {
    MODEL(file -> ShowO2.open(file.getParent())),
    WEIGHTS(SafetensorsFile::open),
    VIDEO(VideoReader::open);

    private final Consumer<Path> read;

    Reading(Consumer<Path> read) {
      this.read = read;
    }
  }

  @ParameterizedTest
  @EnumSource
  void readingOnAnInterruptedThreadIsCancelled(Reading reading) throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[100]);
    Thread.currentThread().interrupt();
    CancelledException e = assertThrows(CancelledException.class, () -> reading.read.accept(file));
    assertTrue(e.getMessage().contains("interrupted"), e.getMessage());
    assertTrue(Thread.currentThread().isInterrupted(), "the flag belongs to the thread's owner");
  }

  @Test
  void otherFailuresStay() {
    InvalidModelException other = new InvalidModelException("x");
    assertSame(other, Interruptions.cancelledOr(new IOException("disk"), () -> other));
    assertTrue(
        Interruptions.caused(
            new UncheckedIOException(new IOException(new ClosedByInterruptException()))));
    assertFalse(Interruptions.caused(new IOException("disk")));
  }

  /** A provider whose probe fails, as engines whose libraries are unpacked by such a thread. */
  private record Probed(Availability availability) implements BackendProvider {

    @Override
    public String id() {
      return "probed";
    }

    @Override
    public BackendInfo info() {
      return BackendInfo.builder("probed").build();
    }

    @Override
    public Set<Precision> precisions() {
      return EnumSet.allOf(Precision.class);
    }

    @Override
    public Availability probe() {
      if (availability == null) {
        throw new IllegalStateException("injected");
      }
      return availability;
    }

    @Override
    public Backend open(Bundle bundle, BackendConfig config) {
      throw new AssertionError("not opened");
    }
  }

  @Test
  void probesThatFailOnAnInterruptedThreadAreCancelled() {
    Thread.currentThread().interrupt();
    assertThrows(
        CancelledException.class,
        () -> Backends.of(new Probed(Availability.unusable("cannot be unpacked"))));
    assertThrows(CancelledException.class, () -> Backends.of(new Probed(null)));
    assertTrue(Backends.of(new Probed(Availability.usable())).anyUsable());
  }

  @Test
  void callsOfTheirOwnThreadAreNotInterrupted() throws Exception {
    Thread.currentThread().interrupt();
    assertFalse(Interruptions.uninterrupted(() -> Thread.currentThread().isInterrupted()));
    assertTrue(Thread.currentThread().isInterrupted());
    assertEquals(
        "injected",
        assertThrows(
                IOException.class,
                () ->
                    Interruptions.uninterrupted(
                        () -> {
                          throw new IOException("injected");
                        }))
            .getMessage());
  }

  /** A thread that lives on, if only for a moment, keeps the class loader of the application. */
  @Test
  void threadsOfCallsHaveEnded() throws Exception {
    for (int i = 0; i < 500; i++) {
      assertFalse(Interruptions.uninterrupted(Thread::currentThread).isAlive());
    }
  }
}
