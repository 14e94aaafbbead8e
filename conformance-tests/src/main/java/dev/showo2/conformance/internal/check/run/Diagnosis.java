package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.compare.Tolerances;
import dev.showo2.conformance.compare.Values;
import dev.showo2.conformance.fault.Fault;
import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Chapter;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backend;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells which fault a failed check shows: it is run again on the reference with each known fault,
 * and where that gives the values that were found, the fault is the same.
 *
 * <p>For one run of the kit on one backend; not thread-safe.
 */
final class Diagnosis {

  /** Of single stages; whole tasks take long, and fail because a stage does. */
  private static final Set<Chapter> CHAPTERS =
      EnumSet.of(Chapter.V, Chapter.F, Chapter.B, Chapter.L, Chapter.H);

  /** The reference is slow: larger models would keep a vendor waiting for hours. */
  private static final long LARGEST_BUNDLE = 64L << 20;

  /** A backend that fails everywhere has more than one fault, or one that is not known. */
  private static final int MOST_SEARCHES = 12;

  private final Precision precision;
  private final List<Fault> found = new ArrayList<>();
  private int searches;

  Diagnosis(Precision precision) {
    this.precision = precision;
  }

  /**
   * What to look at, or nothing.
   *
   * @param failed what the check compared on the backend under test
   */
  String of(Check check, CheckContext context, Checks failed) {
    List<Comparison> off =
        failed.comparisons().stream()
            .filter(each -> !each.passed() && each.measurement().isPresent())
            .toList();
    if (off.isEmpty()
        || !CHAPTERS.contains(check.rule().chapter())
        || size(context.bundle()) > LARGEST_BUNDLE) {
      return "";
    }
    for (Fault fault : found) {
      if (explains(fault, check, context, failed, off)) {
        return text(List.of(fault));
      }
    }
    if (searches++ >= MOST_SEARCHES) {
      return "";
    }
    List<Fault> same =
        Fault.all().stream().filter(fault -> explains(fault, check, context, failed, off)).toList();
    found.addAll(same);
    return text(same);
  }

  private static long size(Bundle bundle) {
    return bundle.manifest().files().stream().mapToLong(BundleFile::size).sum();
  }

  private boolean explains(
      Fault fault, Check check, CheckContext context, Checks failed, List<Comparison> off) {
    if (Collections.disjoint(fault.stages(), check.needs())
        || !fault.showsIn(context.bundle().architecture())) {
      return false;
    }
    Checks faulty = new Checks(precision);
    try (Backend backend = fault.open(context.bundle())) {
      check.experiment().run(context.with(backend), faulty);
    } catch (Exception | AssertionError e) {
      return false; // It breaks where the backend under test gives values.
    }
    return off.stream().allMatch(each -> isSame(each.tensor(), failed, faulty));
  }

  private boolean isSame(String tensor, Checks failed, Checks faulty) {
    Values theirs = faulty.found().get(tensor);
    boolean failsToo =
        faulty.comparisons().stream()
            .anyMatch(each -> each.tensor().equals(tensor) && !each.passed());
    return theirs != null
        && failsToo
        && Comparison.of(
                tensor, failed.found().get(tensor), theirs, Tolerances.of(precision).stage())
            .passed();
  }

  private static String text(List<Fault> faults) {
    return faults.isEmpty()
        ? ""
        : "these are the values that come out when "
            + faults.stream().map(Fault::whatHappens).collect(Collectors.joining(", or "))
            + "; look at "
            + faults.stream().map(Fault::lookAt).collect(Collectors.joining(", or "));
  }
}
