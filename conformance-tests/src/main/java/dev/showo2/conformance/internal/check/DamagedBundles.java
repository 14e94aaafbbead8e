package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.error.BackendException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.Integrity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** Files of the right size whose first bytes are not what they should be. */
final class DamagedBundles {

  private static final int HEADER = 4096;
  private static final int TIMES = 10;

  private DamagedBundles() {}

  static List<Check> checks() {
    return List.of(Check.of(Rule.R08, "damaged headers", DamagedBundles::headers));
  }

  private static void headers(CheckContext trial, Checks checks) throws IOException {
    try (BundleCopy copy = BundleCopy.of(trial.bundle())) {
      List<String> files =
          trial.bundle().manifest().files().stream()
              .map(BundleFile::name)
              .filter(name -> !name.equals(Bundle.TOKENIZER_FILE))
              .toList();
      List<String> threads = ProcessState.threads();
      List<String> refused = new ArrayList<>();
      for (String file : files) {
        Path path = copy.path().resolve(file);
        byte[] whole = Files.readAllBytes(path);
        damage(path);
        if (isRefused(trial, copy.path(), file, checks)) {
          refused.add(file);
        }
        Files.write(path, whole);
      }
      checks.holds(
          "a damaged file",
          !refused.isEmpty(),
          "the backend opens whichever of "
              + files
              + " begins with nonsense; look at what it reads while opening, and refuse what is no"
              + " model");
      if (!refused.isEmpty()) {
        String last = refused.get(refused.size() - 1);
        damage(copy.path().resolve(last));
        for (int i = 0; i < TIMES; i++) {
          isRefused(trial, copy.path(), last, checks);
        }
      }
      checkNothingLeft(copy.path(), threads, checks);
    }
  }

  private static void damage(Path file) throws IOException {
    byte[] nonsense = new byte[(int) Math.min(HEADER, Files.size(file))];
    Arrays.fill(nonsense, (byte) 0xFF);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(nonsense));
    }
  }

  /** Whether the backend does not open; one that does not look at the file does. */
  private static boolean isRefused(CheckContext trial, Path folder, String file, Checks checks) {
    Bundle damaged = Bundle.open(folder, Integrity.SIZES);
    try {
      trial.provider().open(damaged, trial.config()).close();
      return false;
    } catch (BackendException | InvalidModelException e) {
      return true;
    } catch (RuntimeException | LinkageError | AssertionError e) {
      checks.holds(
          "a damaged " + file,
          false,
          "opening threw " + e + "; BackendException or InvalidModelException is needed");
      return true;
    }
  }

  private static void checkNothingLeft(Path folder, List<String> threads, Checks checks) {
    List<String> open =
        ProcessState.files().stream().filter(file -> file.startsWith(folder.toString())).toList();
    String advice = " of a bundle that was refused; close what was opened before the failure";
    checks.holds("open files", open.isEmpty(), "are " + new TreeSet<>(open) + advice);
    List<String> mapped = ProcessState.mapped(folder);
    checks.holds("mapped files", mapped.isEmpty(), "are " + new TreeSet<>(mapped) + advice);
    List<String> added = ProcessState.added(ProcessState::threads, threads, TIMES);
    checks.holds(
        "threads",
        added.size() < TIMES,
        "there are "
            + added.size()
            + " more after "
            + TIMES
            + " failures to open: "
            + new TreeSet<>(added)
            + "; end what was started before the failure");
  }
}
