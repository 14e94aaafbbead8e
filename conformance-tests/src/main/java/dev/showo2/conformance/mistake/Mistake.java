package dev.showo2.conformance.mistake;

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
 * One mistake of an implementation, with a backend that makes it and no other. Immutable and safe
 * for use by several threads.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Mistake {

  private static final List<Mistake> ALL =
      Stream.of(
              AttentionMistakes.ALL,
              PositionMistakes.ALL,
              NormMistakes.ALL,
              FlowHeadMistakes.ALL,
              TimeMistakes.ALL,
              FusionMistakes.ALL,
              LanguageHeadMistakes.ALL,
              VaeMistakes.ALL,
              CacheMistakes.ALL,
              BatchMistakes.ALL)
          .flatMap(List::stream)
          .toList();

  private final String id;
  private final String whatHappens;
  private final String lookAt;
  private final Set<Stage> stages;
  private final Realisation realisation;
  private final Predicate<Architecture> shows;

  /** A mistake that every model shows. */
  Mistake(
      String id, String whatHappens, String lookAt, Set<Stage> stages, Realisation realisation) {
    this(id, whatHappens, lookAt, stages, realisation, architecture -> true);
  }

  private Mistake(
      String id,
      String whatHappens,
      String lookAt,
      Set<Stage> stages,
      Realisation realisation,
      Predicate<Architecture> shows) {
    this.id = id;
    this.whatHappens = whatHappens;
    this.lookAt = lookAt;
    this.stages = Collections.unmodifiableSet(EnumSet.copyOf(stages));
    this.realisation = realisation;
    this.shows = shows;
  }

  /** The same, known to be without effect on all other models. */
  Mistake onlyFor(Predicate<Architecture> models) {
    return new Mistake(id, whatHappens, lookAt, stages, realisation, models);
  }

  /** Every mistake of the catalogue, stage by stage. */
  public static List<Mistake> all() {
    return ALL;
  }

  /**
   * @throws IllegalArgumentException if the catalogue has no such mistake
   */
  public static Mistake named(String id) {
    return ALL.stream()
        .filter(mistake -> mistake.id.equals(id))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no mistake '" + id + "', there are " + ALL));
  }

  /** Lower-case words with hyphens, such as {@code rope-not-scaled}. */
  public String id() {
    return id;
  }

  /** One line that goes on from "when", such as "the flow head's RoPE is not scaled". */
  public String whatHappens() {
    return whatHappens;
  }

  /** One line that goes on from "look at", with the section of SPEC. */
  public String lookAt() {
    return lookAt;
  }

  /** The stages whose own results it changes; a whole task shows it through them. */
  public Set<Stage> stages() {
    return stages;
  }

  /**
   * Whether results of such a model can show it at all: positions that are taken as they are cannot
   * be interpolated wrongly.
   */
  public boolean showsIn(Architecture architecture) {
    return shows.test(architecture);
  }

  /**
   * Opens the reference backend with this mistake.
   *
   * @throws dev.showo2.error.InvalidModelException if the bundle lacks a weight, or one has another
   *     shape than its architecture calls for
   */
  public Backend open(Bundle bundle) {
    return realisation.open(bundle);
  }

  /**
   * A backend that hands on to a right one, and makes this mistake.
   *
   * @param right closed together with the result
   * @param architecture of its bundle
   * @return empty if the mistake lies too deep to be made from outside
   */
  public Optional<Backend> around(Backend right, Architecture architecture) {
    return realisation.around(right, architecture);
  }

  @Override
  public String toString() {
    return id;
  }
}
