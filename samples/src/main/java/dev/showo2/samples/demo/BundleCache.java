package dev.showo2.samples.demo;

import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Bundle;
import dev.showo2.natives.internal.CacheFolder;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A bundle in a folder that processes share. Whoever finds it intact takes it, without a lock. Who
 * does not makes it under the folder's lock, so that work is done once; the lock goes with its
 * process, so what an unfinished export left behind is nobody's once the lock is held.
 */
final class BundleCache {

  static final String LOCK = "demo.lock";

  /** How an exporter's unfinished folders begin. */
  static final String PARTIAL = ".demo-*.partial-*";

  /** A file lock keeps processes apart, not the threads of one. */
  private static final Object THREADS = new Object();

  private final Path folder;
  private final Path bundle;
  private final Maker maker;

  /** Makes a bundle at a path where there is nothing; it appears there whole or not at all. */
  interface Maker {
    void make(Path bundle, DemoListener listener) throws IOException;
  }

  BundleCache(Path folder, String name, Maker maker) {
    this.folder = folder;
    this.bundle = folder.resolve(name);
    this.maker = maker;
  }

  Path bundle(DemoListener listener) throws IOException {
    synchronized (THREADS) {
      if (!Files.exists(bundle) || !intact(DemoListener.QUIET)) {
        try {
          Files.createDirectories(folder);
        } catch (IOException e) {
          throw elsewhere("cannot be made", e);
        }
        try {
          makeLocked(listener);
        } catch (FileLockInterruptionException | ClosedByInterruptException e) {
          throw e;
        } catch (IOException e) {
          throw elsewhere("cannot be written to", e);
        }
      }
      return bundle;
    }
  }

  private IOException elsewhere(String why, IOException cause) {
    return new IOException(
        "the folder "
            + folder
            + " for the demo model "
            + why
            + " ("
            + cause
            + "); set "
            + CacheFolder.VARIABLE
            + " to a folder that can be written to",
        cause);
  }

  private void makeLocked(DemoListener listener) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      // Closing the channel gives the lock back.
      if (channel.tryLock() == null) {
        listener.note("waiting for another process that is making the demo bundle in " + folder);
        channel.lock();
      }
      deletePartials();
      if (Files.exists(bundle)) {
        if (intact(listener)) {
          return;
        }
        TemporaryFolder.delete(bundle);
      }
      listener.note("making the demo model's bundle, once, in " + bundle);
      try {
        maker.make(bundle, listener);
      } catch (FileAlreadyExistsException e) {
        // Where a file system's locks do not reach other machines, one of them may be faster.
        Bundle.open(bundle);
      }
    }
  }

  private boolean intact(DemoListener listener) {
    try {
      Bundle.open(bundle);
      return true;
    } catch (InvalidModelException e) {
      if (Thread.currentThread().isInterrupted()) {
        // Reading fails then, whatever the bundle is like.
        throw new CancelledException("interrupted while the demo bundle was read", e);
      }
      listener.note("the demo bundle is damaged and will be made anew: " + e.getMessage());
      return false;
    }
  }

  private void deletePartials() throws IOException {
    try (DirectoryStream<Path> partials = Files.newDirectoryStream(folder, PARTIAL)) {
      for (Path partial : partials) {
        TemporaryFolder.delete(partial);
      }
    }
  }
}
