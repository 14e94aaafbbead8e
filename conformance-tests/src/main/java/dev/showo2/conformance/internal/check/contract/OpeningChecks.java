package dev.showo2.conformance.internal.check.contract;

import dev.showo2.conformance.internal.check.BundleCopy;
import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Refusals;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.error.BackendException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.Integrity;
import dev.showo2.model.Precision;
import dev.showo2.model.StagePrecisions;
import dev.showo2.spi.BackendConfig;
import dev.showo2.stage.Stage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Checks of: configurations and bundles that a provider has to refuse. */
final class OpeningChecks {

  private static final String DEVICE = "no-such-device";

  private static final String OPTION = "no-such-option";

  private static final int HEADER = 4096;
  private static final int TIMES = 10;

  private OpeningChecks() {}

  static List<Check> all() {
    return List.of(
        Check.of(Rule.R03, "device", OpeningChecks::r03Device),
        Check.of(Rule.R03, "option", OpeningChecks::r03Option),
        Check.of(Rule.R08, "damaged headers", OpeningChecks::r08DamagedHeaders),
        Check.of(Rule.R22, "precisions", OpeningChecks::r22Precisions));
  }

  private static void r03Device(CheckContext context, Checks checks) {
    refuses(context, checks, DEVICE, BackendConfig.builder().device(DEVICE).build());
  }

  private static void r03Option(CheckContext context, Checks checks) {
    BackendConfig.Builder config = BackendConfig.builder().device(context.config().device());
    context.config().options().forEach(config::option);
    refuses(context, checks, OPTION, config.option(OPTION, "1").build());
  }

  private static void refuses(
      CheckContext context, Checks checks, String name, BackendConfig config) {
    new Refusals(
            checks,
            UnsupportedFeatureException.class,
            "look at what the provider's open does with a configuration that it does not know")
        .of("opening with " + name, name, () -> context.provider().open(context.bundle(), config));
  }

  private static void r08DamagedHeaders(CheckContext context, Checks checks) throws IOException {
    try (BundleCopy copy = BundleCopy.of(context.bundle())) {
      List<String> files =
          context.bundle().manifest().files().stream()
              .map(BundleFile::name)
              .filter(name -> !name.equals(Bundle.TOKENIZER_FILE))
              .toList();
      List<String> threads = ProcessState.threads();
      List<String> refused = new ArrayList<>();
      for (String file : files) {
        Path path = copy.path().resolve(file);
        byte[] whole = Files.readAllBytes(path);
        damage(path);
        if (isRefused(context, copy.path(), file, checks)) {
          refused.add(file);
        }
        Files.write(path, whole);
      }
      checks.require(
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
          isRefused(context, copy.path(), last, checks);
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
  private static boolean isRefused(CheckContext context, Path folder, String file, Checks checks) {
    Bundle damaged = Bundle.open(folder, Integrity.SIZES);
    try {
      context.provider().open(damaged, context.config()).close();
      return false;
    } catch (BackendException | InvalidModelException e) {
      return true;
    } catch (RuntimeException | LinkageError | AssertionError e) {
      checks.require(
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
    checks.require("open files", open.isEmpty(), "are " + new TreeSet<>(open) + advice);
    List<String> mapped = ProcessState.mapped(folder);
    checks.require("mapped files", mapped.isEmpty(), "are " + new TreeSet<>(mapped) + advice);
    List<String> added = ProcessState.added(ProcessState::threads, threads, TIMES);
    checks.require(
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

  private static void r22Precisions(CheckContext context, Checks checks) throws IOException {
    Set<Precision> offered = context.provider().precisions();
    checks.require(
        "precisions",
        offered != null && !offered.isEmpty(),
        "are " + offered + ", at least one is needed");
    checks.require(
        "precisions when asked again",
        offered == null || offered.equals(context.provider().precisions()),
        "are not the same as before");
    if (offered == null) {
      return;
    }
    Set<Precision> others = EnumSet.allOf(Precision.class);
    others.removeAll(offered);
    if (others.isEmpty()) {
      checks.note("all precisions are offered, and none is left to be refused");
    }
    Refusals refusals =
        new Refusals(
            checks,
            UnsupportedFeatureException.class,
            "call dev.showo2.spi.PrecisionSupport.check first in the provider's open");
    try (BundleCopy copy = BundleCopy.of(context.bundle())) {
      for (Precision other : others) {
        Bundle claimed = claiming(other, copy, context.bundle().manifest());
        refusals.of(
            "opening a bundle in " + other.id(),
            other.id(),
            () -> context.provider().open(claimed, context.config()));
      }
    }
  }

  /** The weights are what they were: whoever reads the manifest alone has to refuse. */
  private static Bundle claiming(Precision precision, BundleCopy copy, BundleManifest manifest)
      throws IOException {
    StagePrecisions all =
        new StagePrecisions(
            Arrays.stream(Stage.values())
                .collect(Collectors.toMap(Function.identity(), stage -> precision)));
    BundleManifest claimed =
        new BundleManifest(
            manifest.name(),
            all,
            manifest.architecture(),
            manifest.specialTokens(),
            manifest.defaults(),
            manifest.files(),
            manifest.graphs());
    Files.writeString(copy.path().resolve(BundleManifest.FILE_NAME), claimed.toJson());
    return Bundle.open(copy.path(), Integrity.SIZES);
  }
}
