package dev.showo2.spi;

import dev.showo2.error.UnsupportedFeatureException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * Finds backends and chooses one: by the id that was asked for, else by the system property {@value
 * #PROPERTY}, else the usable one of highest priority, ties by id. Immutable and safe for use by
 * several threads.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Backends {

  /** Names the backend when the application does not; a blank value counts as none. */
  public static final String PROPERTY = "showo2.backend";

  /** Where backends of the SDK come from. */
  private static final Map<String, String> ARTIFACTS =
      new TreeMap<>(Map.of("onnx", "dev.showo2:backend-onnx"));

  private final List<Candidate> candidates;
  private final List<String> broken;

  Backends(Discovery discovery) {
    this.candidates = discovery.candidates();
    this.broken = discovery.broken();
  }

  /**
   * Looks for backends with the context class loader, or the SDK's own where there is none, and
   * probes each. Providers that fail are left out and named in the messages of {@link #select}.
   */
  public static Backends find() {
    return new Backends(Discovery.run());
  }

  /** Every backend found with its state, ordered by id. */
  public List<Candidate> candidates() {
    return candidates;
  }

  /** What is wrong with providers that were found and could not be used, a line each. */
  public List<String> broken() {
    return broken;
  }

  /** Whether some backend can run here. */
  public boolean anyUsable() {
    return candidates.stream().anyMatch(Candidate::usable);
  }

  /**
   * A backend that was found, with what it said of itself then.
   *
   * @param id by which it is chosen
   * @param availability whether it can run here
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Candidate(
      String id, BackendInfo info, BackendProvider provider, Availability availability) {

    public Candidate {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(info, "info");
      Objects.requireNonNull(provider, "provider");
      Objects.requireNonNull(availability, "availability");
    }

    /** Whether it can run here. */
    public boolean usable() {
      return availability instanceof Availability.Usable;
    }

    private String describe() {
      return availability instanceof Availability.Unusable unusable
          ? id + " (cannot run here: " + unusable.reason() + ")"
          : id + " (usable)";
    }
  }

  /**
   * Chooses a backend.
   *
   * @param id the backend asked for, or empty for the best there is
   * @throws UnsupportedFeatureException if there is none to choose; the message lists every backend
   *     found with its state, and the artifact to add
   */
  public BackendProvider select(Optional<String> id) {
    if (id.isPresent()) {
      return byId(id.get(), "");
    }
    String property = System.getProperty(PROPERTY, "");
    return property.isBlank()
        ? best()
        : byId(property, " (asked for by the system property " + PROPERTY + ")");
  }

  private BackendProvider byId(String id, String source) {
    Candidate candidate =
        candidates.stream()
            .filter(each -> each.id().equals(id))
            .findFirst()
            .orElseThrow(
                () ->
                    new UnsupportedFeatureException(
                        "there is no backend '" + id + "'" + source + "; " + found() + advice(id)));
    if (!candidate.usable()) {
      throw new UnsupportedFeatureException(
          "the backend '" + id + "'" + source + " cannot be used; " + found());
    }
    return candidate.provider();
  }

  private BackendProvider best() {
    return candidates.stream()
        .filter(Candidate::usable)
        .max(
            Comparator.<Candidate>comparingInt(candidate -> candidate.info().priority())
                .thenComparing(Candidate::id, Comparator.reverseOrder()))
        .map(Candidate::provider)
        .orElseThrow(
            () ->
                new UnsupportedFeatureException(
                    "no backend can run here; " + found() + advice("")));
  }

  private String found() {
    List<String> lines = new ArrayList<>(candidates.stream().map(Candidate::describe).toList());
    lines.addAll(broken);
    return lines.isEmpty() ? "none was found" : "found: " + String.join(", ", lines);
  }

  private static String advice(String id) {
    String artifacts =
        ARTIFACTS.containsKey(id)
            ? ARTIFACTS.get(id)
            : ARTIFACTS.entrySet().stream()
                .map(entry -> entry.getValue() + " for '" + entry.getKey() + "'")
                .collect(Collectors.joining(", "));
    return "; add the artifact of a backend to the class path: " + artifacts;
  }
}
