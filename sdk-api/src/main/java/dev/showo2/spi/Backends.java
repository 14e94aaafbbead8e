package dev.showo2.spi;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * Finds backends and chooses one: by the id that was asked for, else by the system property {@value
 * #PROPERTY}, else the usable one of highest priority, ties by id, but never one of the priority
 * {@link BackendInfo#NAMED_ONLY}. For a bundle, only those come into question that offer its
 * precisions. Immutable and thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Backends {

  /** Names the backend when the application does not; a blank value counts as none. */
  public static final String PROPERTY = "showo2.backend";

  /** Where the backend comes from that runs everywhere, for those who named none. */
  private static final Map<String, String> ARTIFACTS =
      new TreeMap<>(Map.of("onnx", "dev.showo2:backend-onnx"));

  /** Where the others come from, for those who named them. */
  private static final Map<String, String> OTHER_ARTIFACTS =
      Map.of("djl", "dev.showo2:backend-djl", "tensorrt", "dev.showo2:backend-tensorrt");

  private final List<Candidate> candidates;
  private final List<String> broken;
  private final List<String> places;

  Backends(Discovery discovery) {
    this.candidates = discovery.candidates();
    this.broken = discovery.broken();
    this.places = discovery.places();
  }

  /**
   * Looks for backends with the context class loader and with the SDK's own, which differ in
   * containers and on threads of a pool, and probes each. Providers that fail are left out and
   * named in the messages of {@link #select}.
   *
   * @return the backends on the class path, usable or not
   */
  public static Backends find() {
    Map<String, ClassLoader> loaders = new LinkedHashMap<>();
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    if (context != null) {
      loaders.put("the thread's context class loader", context);
    }
    return findAlso(loaders);
  }

  /**
   * Looks for backends with a class loader, and with the SDK's own, as {@link #find()} does: for
   * containers and plug-ins, where neither the context class loader nor the SDK's sees the backend.
   *
   * @param loader finds the service files of {@link BackendProvider}; comes first
   * @return the backends found
   */
  public static Backends find(ClassLoader loader) {
    Map<String, ClassLoader> loaders = new LinkedHashMap<>();
    loaders.put("the given class loader", Objects.requireNonNull(loader, "loader"));
    return findAlso(loaders);
  }

  private static Backends findAlso(Map<String, ClassLoader> loaders) {
    loaders.put("the SDK's class loader", Backends.class.getClassLoader());
    return new Backends(Discovery.run(loaders));
  }

  /**
   * Takes providers that the application names, probes each, and looks for no others.
   *
   * @param providers at least one for anything to be chosen; those that fail are left out and named
   *     in the messages of {@link #select}
   * @return the backends of these providers
   */
  public static Backends of(BackendProvider... providers) {
    List<Supplier<BackendProvider>> suppliers = new ArrayList<>();
    for (BackendProvider provider : providers) {
      Objects.requireNonNull(provider, "provider");
      suppliers.add(() -> provider);
    }
    return new Backends(Discovery.of(suppliers, List.of()));
  }

  /** {@return every backend found with its state, ordered by id} */
  public List<Candidate> candidates() {
    return candidates;
  }

  /** {@return a line for each provider that was found and could not be used} */
  public List<String> broken() {
    return broken;
  }

  /** {@return whether some backend can run here} */
  public boolean anyUsable() {
    return candidates.stream().anyMatch(Candidate::usable);
  }

  /**
   * A backend that was found, with what it said of itself then.
   *
   * @param id by which it is chosen
   * @param precisions of the bundles that it runs
   * @param availability whether it can run here
   */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  public record Candidate(
      String id,
      BackendInfo info,
      BackendProvider provider,
      Set<Precision> precisions,
      Availability availability) {

    /**
     * Copies the collections and refuses null.
     *
     * @param id by which it is chosen
     * @param precisions of the bundles that it runs
     * @param availability whether it can run here
     * @param info what the backend says of itself
     * @param provider opens the backend
     */
    public Candidate {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(info, "info");
      Objects.requireNonNull(provider, "provider");
      precisions = Set.copyOf(precisions);
      Objects.requireNonNull(availability, "availability");
    }

    /** {@return whether it can run here} */
    public boolean usable() {
      return availability instanceof Availability.Usable;
    }

    private boolean namedOnly() {
      return info.priority() == BackendInfo.NAMED_ONLY;
    }

    private boolean computesOn(Device device) {
      return info.devices().isEmpty()
          || info.devices().stream().anyMatch(each -> each.type().equals(device.type()));
    }

    private boolean runs(Bundle bundle) {
      return usable() && PrecisionSupport.cover(precisions, bundle);
    }

    private String describe() {
      return describe(namedOnly() ? "usable, only if it is named" : "usable");
    }

    private String describeOffer() {
      return describe("offers " + PrecisionSupport.ids(precisions));
    }

    private String describe(String asUsable) {
      return availability instanceof Availability.Unusable unusable
          ? id + " (cannot run here: " + unusable.reason() + ")"
          : id + " (" + asUsable + ")";
    }
  }

  /**
   * Chooses a backend for the device {@link Device#CPU}, on which a backend is opened by default.
   *
   * @param id the backend asked for, or empty for the best there is
   * @return the provider, not opened
   * @throws UnsupportedFeatureException if there is none to choose; the message lists every backend
   *     found with its state, and the artifact to add
   */
  public BackendProvider select(Optional<String> id) {
    return select(id, Device.CPU);
  }

  /**
   * Chooses a backend for a device.
   *
   * @param id the backend asked for, or empty for the best there is; one that names the type of the
   *     device in its {@link BackendInfo#devices()}, or no devices at all, comes before all that
   *     name others
   * @param device on which it is to be opened; whether there is one, opening tells
   * @return the provider, not opened
   * @throws UnsupportedFeatureException as {@link #select(Optional)}
   */
  public BackendProvider select(Optional<String> id, Device device) {
    Objects.requireNonNull(device, "device");
    return asked(id).map(asked -> named(asked).provider()).orElseGet(() -> best(device).provider());
  }

  /**
   * Chooses a backend for a bundle and the device {@link Device#CPU}, on which a backend is opened
   * by default.
   *
   * @param id the backend asked for, or empty for the best of those that offer the bundle's
   *     precisions
   * @param bundle the bundle to be opened
   * @return the provider, not opened
   * @throws UnsupportedFeatureException as {@link #select(Optional, Bundle, Device)}
   */
  public BackendProvider select(Optional<String> id, Bundle bundle) {
    return select(id, bundle, Device.CPU);
  }

  /**
   * Chooses a backend for a bundle and a device.
   *
   * @param id the backend asked for, or empty for the best of those that offer the bundle's
   *     precisions; one that names the type of the device in its {@link BackendInfo#devices()}, or
   *     no devices at all, comes before all that name others
   * @param bundle the bundle to be opened
   * @param device on which it is to be opened; whether there is one, opening tells
   * @return the provider, not opened
   * @throws UnsupportedFeatureException as {@link #select(Optional)}, and if the backend asked for,
   *     or every one that can run here, does not offer a precision of the bundle; the message names
   *     the stages, the precisions and the backends that offer them
   */
  public BackendProvider select(Optional<String> id, Bundle bundle, Device device) {
    Objects.requireNonNull(device, "device");
    Optional<Asked> asked = asked(id);
    return asked.isPresent() ? named(asked.get(), bundle) : best(bundle, device);
  }

  /**
   * A backend that is asked for.
   *
   * @param source where, if it is not the call itself
   */
  private record Asked(String id, String source) {

    @Override
    public String toString() {
      return "'" + id + "'" + source;
    }
  }

  private static Optional<Asked> asked(Optional<String> id) {
    if (id.isPresent()) {
      return Optional.of(new Asked(id.get(), ""));
    }
    String property = System.getProperty(PROPERTY, "");
    return property.isBlank()
        ? Optional.empty()
        : Optional.of(new Asked(property, " (asked for by the system property " + PROPERTY + ")"));
  }

  private Candidate named(Asked asked) {
    Candidate candidate =
        candidates.stream()
            .filter(each -> each.id().equals(asked.id()))
            .findFirst()
            .orElseThrow(
                () ->
                    new UnsupportedFeatureException(
                        "there is no backend "
                            + asked
                            + "; "
                            + found()
                            + advice(asked.id())
                            + elsewhere()));
    if (!candidate.usable()) {
      throw new UnsupportedFeatureException("the backend " + asked + " cannot be used; " + found());
    }
    return candidate;
  }

  private BackendProvider named(Asked asked, Bundle bundle) {
    Candidate candidate = named(asked);
    String others =
        candidates.stream()
            .filter(each -> each.runs(bundle))
            .map(Candidate::id)
            .collect(Collectors.joining(", "));
    PrecisionSupport.check(asked.toString(), candidate.precisions(), bundle, others);
    return candidate.provider();
  }

  private Candidate best(Device device) {
    return best(Candidate::usable, device)
        .orElseThrow(
            () ->
                new UnsupportedFeatureException(
                    "no backend can run here; " + found() + adviceUnlessFound()));
  }

  /** An artifact that is on the class path need not be added. */
  private String adviceUnlessFound() {
    boolean all =
        ARTIFACTS.keySet().stream()
            .allMatch(id -> candidates.stream().anyMatch(each -> each.id().equals(id)));
    return all ? "" : advice("") + elsewhere();
  }

  private BackendProvider best(Bundle bundle, Device device) {
    best(device);
    return best(candidate -> candidate.runs(bundle), device)
        .map(Candidate::provider)
        .orElseThrow(
            () ->
                new UnsupportedFeatureException(
                    "no backend that can run here offers the precisions of "
                        + bundle
                        + ", which are "
                        + bundle.manifest().precision()
                        + "; "
                        + found(Candidate::describeOffer)
                        + "; export or convert the checkpoint in what one of them offers"));
  }

  private Optional<Candidate> best(Predicate<Candidate> choice, Device device) {
    return candidates.stream()
        .filter(candidate -> !candidate.namedOnly())
        .filter(choice)
        .max(
            Comparator.<Candidate, Boolean>comparing(candidate -> candidate.computesOn(device))
                .thenComparingInt(candidate -> candidate.info().priority())
                .thenComparing(Candidate::id, Comparator.reverseOrder()));
  }

  private String found() {
    return found(Candidate::describe);
  }

  private String found(Function<Candidate, String> description) {
    List<String> lines = new ArrayList<>(candidates.stream().map(description).toList());
    lines.addAll(broken);
    return lines.isEmpty() ? "none was found" : "found: " + String.join(", ", lines);
  }

  /** Where else a backend may be than in the class loaders that were looked in. */
  private String elsewhere() {
    return places.isEmpty()
        ? ""
        : "; looked in "
            + String.join(" and ", places)
            + ": where another class loader has the backend, name it with"
            + " ShowO2.builder(bundle).classLoader(loader)";
  }

  private static String advice(String id) {
    String artifacts =
        ARTIFACTS.containsKey(id) || OTHER_ARTIFACTS.containsKey(id)
            ? ARTIFACTS.getOrDefault(id, OTHER_ARTIFACTS.get(id))
            : ARTIFACTS.entrySet().stream()
                .map(entry -> entry.getValue() + " for '" + entry.getKey() + "'")
                .collect(Collectors.joining(", "));
    return "; add the artifact of a backend to the class path: " + artifacts;
  }
}
