package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Availability;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Backends;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a provider is found and what it says of itself. */
final class Presentation {

  private static final String SERVICE_FILE = "META-INF/services/" + BackendProvider.class.getName();
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  private Presentation() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.R01, "found by its id", Presentation::found),
        Check.of(Rule.R01, "info", Presentation::info),
        Check.of(Rule.R01, "probe", Presentation::probe));
  }

  private static void found(CheckContext trial, Checks checks) {
    BackendProvider provider = trial.provider();
    String id = provider.id();
    checks.holds(
        "id",
        id != null && ID.matcher(id).matches(),
        "is '"
            + id
            + "', expected up to 32 lower-case letters, digits and hyphens that begin with a"
            + " letter");
    Class<?> type = provider.getClass();
    checks.holds(
        "constructor",
        Modifier.isPublic(type.getModifiers())
            && Arrays.stream(type.getConstructors())
                .anyMatch(constructor -> constructor.getParameterCount() == 0),
        type.getName() + " needs to be public and have a public constructor without arguments");
    Backends backends = Backends.find();
    Optional<String> holder =
        backends.candidates().stream()
            .filter(candidate -> candidate.id().equals(id))
            .map(candidate -> candidate.provider().getClass().getName())
            .findFirst();
    checks.holds(
        "service",
        holder.equals(Optional.of(type.getName())),
        holder
                .map(other -> "the id '" + id + "' belongs to " + other)
                .orElse("ServiceLoader finds no backend '" + id + "'")
            + "; "
            + SERVICE_FILE
            + " in the backend's jar has to name "
            + type.getName()
            + (backends.broken().isEmpty() ? "" : "; " + String.join(", ", backends.broken())));
  }

  private static void info(CheckContext trial, Checks checks) {
    BackendInfo info = trial.provider().info();
    checks.holds("info", info != null, "is null");
    if (info != null) {
      checks.holds("name", !info.name().isBlank(), "is blank; people choose backends by it");
      checks.holds(
          "version", !info.version().isBlank(), "is blank; say which version of the engine runs");
      checks.holds(
          "info when asked again",
          info.equals(trial.provider().info()),
          "is not the same as before");
    }
  }

  private static void probe(CheckContext trial, Checks checks) {
    try {
      Availability first = trial.provider().probe();
      Availability again = trial.provider().probe();
      checks.holds("probe", first != null, "is null");
      checks.holds(
          "probe when asked again",
          first == null || first.equals(again),
          "was " + first + " and is " + again + " on the same machine");
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      checks.holds(
          "probe",
          false,
          "threw "
              + e
              + "; what keeps the backend from running is a reason in Availability.unusable");
    }
  }
}
