package dev.showo2.spi;

import dev.showo2.error.UnsupportedFeatureException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * Finds backends and chooses one: by the id that was asked for, else by the system property {@value
 * #PROPERTY}, else the usable one of highest priority, ties by id. Safe for use by several threads.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Backends {

  /** Names the backend when the application does not. */
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

  /** Looks for backends with the context class loader, or the SDK's own where there is none. */
  public static Backends find() {
    return new Backends(Discovery.run());
  }

  /** Every backend found with its state, ordered by id. */
  public List<Candidate> candidates() {
    return candidates;
  }

  /** Whether some backend can run here. */
  public boolean anyUsable() {
    return candidates.stream().anyMatch(Candidate::usable);
  }

  /**
   * A backend that was found.
   *
   * @param availability whether it can run here
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Candidate(BackendProvider provider, Availability availability) {

    /** The provider's id. */
    public String id() {
      return provider.id();
    }

    boolean usable() {
      return availability instanceof Availability.Usable;
    }

    String describe() {
      return availability instanceof Availability.Unusable unusable
          ? id() + " (cannot run here: " + unusable.reason() + ")"
          : id() + " (usable)";
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
    Optional<String> wanted = id.or(() -> Optional.ofNullable(System.getProperty(PROPERTY)));
    return wanted.map(this::byId).orElseGet(this::best);
  }

  private BackendProvider byId(String id) {
    for (Candidate candidate : candidates) {
      if (candidate.id().equals(id)) {
        if (!candidate.usable()) {
          throw new UnsupportedFeatureException(
              "the backend '"
                  + id
                  + "' was asked for, but "
                  + candidate.describe()
                  + "; "
                  + found());
        }
        return candidate.provider();
      }
    }
    throw new UnsupportedFeatureException(
        "there is no backend '" + id + "'; " + found() + advice(id));
  }

  private BackendProvider best() {
    return candidates.stream()
        .filter(Candidate::usable)
        .max(
            Comparator.<Candidate>comparingInt(candidate -> candidate.provider().info().priority())
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
