package dev.showo2.conformance.fault;

import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * One fault of an implementation, with a backend that makes it and no other. Immutable and
 * thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Fault {

  private static final List<Fault> ALL =
      Stream.of(
              AttentionFaults.ALL,
              PositionFaults.ALL,
              NormFaults.ALL,
              FlowHeadFaults.ALL,
              TimeFaults.ALL,
              FusionFaults.ALL,
              LanguageHeadFaults.ALL,
              VaeFaults.ALL,
              CacheFaults.ALL,
              ReuseFaults.ALL,
              BatchFaults.ALL)
          .flatMap(List::stream)
          .toList();

  private final String id;
  private final String whatHappens;
  private final String lookAt;
  private final Set<Stage> stages;
  private final FaultInjection realization;
  private final Predicate<Architecture> shows;

  /** A fault that every model shows. */
  Fault(
      String id, String whatHappens, String lookAt, Set<Stage> stages, FaultInjection realization) {
    this(id, whatHappens, lookAt, stages, realization, architecture -> true);
  }

  private Fault(
      String id,
      String whatHappens,
      String lookAt,
      Set<Stage> stages,
      FaultInjection realization,
      Predicate<Architecture> shows) {
    this.id = id;
    this.whatHappens = whatHappens;
    this.lookAt = lookAt;
    this.stages = Collections.unmodifiableSet(EnumSet.copyOf(stages));
    this.realization = realization;
    this.shows = shows;
  }

  /** The same, known to be without effect on all other models. */
  Fault onlyFor(Predicate<Architecture> models) {
    return new Fault(id, whatHappens, lookAt, stages, realization, models);
  }

  /** {@return every fault of the catalog, stage by stage} */
  public static List<Fault> all() {
    return ALL;
  }

  /**
   * Finds a fault by its id.
   *
   * @param id the id
   * @return the fault
   * @throws IllegalArgumentException if the catalog has no such fault
   */
  public static Fault named(String id) {
    return ALL.stream()
        .filter(fault -> fault.id.equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no fault '" + id + "', there are " + ALL));
  }

  /** {@return lower-case words with hyphens, such as {@code rope-not-scaled}} */
  public String id() {
    return id;
  }

  /** {@return one line that goes on from "when", such as "the flow head's RoPE is not scaled"} */
  public String whatHappens() {
    return whatHappens;
  }

  /** {@return one line that goes on from "look at", with the section of SPEC} */
  public String lookAt() {
    return lookAt;
  }

  /** {@return the stages whose own results it changes; a whole task shows it through them} */
  public Set<Stage> stages() {
    return stages;
  }

  /**
   * {@return whether results of such a model can show it at all: positions that are taken as they
   * are cannot be interpolated wrongly}
   *
   * @param architecture the sizes of the model
   */
  public boolean showsIn(Architecture architecture) {
    return shows.test(architecture);
  }

  /**
   * Opens the reference backend with this fault.
   *
   * @param bundle the bundle to open
   * @return the backend; the caller closes it
   * @throws dev.showo2.error.InvalidModelException if the bundle lacks a weight, or one has another
   *     shape than its architecture calls for
   */
  public Backend open(Bundle bundle) {
    return realization.open(bundle);
  }

  /**
   * A backend that forwards to a correct one, and has this fault.
   *
   * @param right closed together with the result
   * @param architecture of its bundle
   * @return empty if the fault is too deep to be injected from outside
   */
  public Optional<Backend> around(Backend right, Architecture architecture) {
    return realization.around(right, architecture);
  }

  FaultInjection realization() {
    return realization;
  }

  @Override
  public String toString() {
    return id;
  }
}
