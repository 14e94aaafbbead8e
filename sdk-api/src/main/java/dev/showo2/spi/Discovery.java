package dev.showo2.spi;

import dev.showo2.error.BackendException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.model.Precision;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The providers that {@link ServiceLoader} finds, sorted into backends and broken ones: one
 * vendor's failure must not hide the others.
 *
 * @param candidates ordered by id
 * @param broken one line for each provider that cannot even be asked
 */
record Discovery(List<Backends.Candidate> candidates, List<String> broken) {

  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  /** A class loader that cannot list its resources fails in the same way for ever. */
  private static final int MAX_BROKEN_ENTRIES = 100;

  static Discovery run(ClassLoader loader) {
    Iterator<ServiceLoader.Provider<BackendProvider>> found =
        ServiceLoader.load(BackendProvider.class, loader).stream().iterator();
    List<Supplier<BackendProvider>> suppliers = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    while (broken.size() < MAX_BROKEN_ENTRIES) {
      try {
        if (!found.hasNext()) {
          break;
        }
        suppliers.add(found.next());
      } catch (ServiceConfigurationError | LinkageError e) {
        broken.add("broken: " + reason(e));
      }
    }
    return of(suppliers, broken.stream().distinct().toList());
  }

  static Discovery of(List<Supplier<BackendProvider>> suppliers, List<String> brokenEntries) {
    Map<String, Backends.Candidate> candidates = new TreeMap<>();
    List<String> broken = new ArrayList<>(brokenEntries);
    for (Supplier<BackendProvider> supplier : suppliers) {
      try {
        BackendProvider provider = supplier.get();
        String id = requireId(provider);
        Backends.Candidate first = candidates.get(id);
        if (first == null) {
          candidates.put(id, candidate(id, provider));
        } else {
          broken.add(
              "broken: "
                  + provider.getClass().getName()
                  + " has the id '"
                  + id
                  + "' of "
                  + first.provider().getClass().getName());
        }
      } catch (VirtualMachineError e) {
        throw e;
      } catch (Throwable e) {
        broken.add("broken: " + reason(e));
      }
    }
    return new Discovery(List.copyOf(candidates.values()), List.copyOf(broken));
  }

  private static String requireId(BackendProvider provider) {
    String id = provider.id();
    if (id == null || !ID.matcher(id).matches()) {
      throw new BackendException(
          provider.getClass().getName()
              + " calls itself '"
              + id
              + "', an id is up to 32 lower-case letters, digits and hyphens and begins with a"
              + " letter");
    }
    return id;
  }

  private static Backends.Candidate candidate(String id, BackendProvider provider) {
    BackendInfo info = provider.info();
    if (info == null) {
      throw new BackendException(provider.getClass().getName() + " gives no info");
    }
    Set<Precision> precisions = provider.precisions();
    if (precisions == null || precisions.isEmpty()) {
      throw new BackendException(provider.getClass().getName() + " offers no precision");
    }
    return new Backends.Candidate(id, info, provider, precisions, probe(provider));
  }

  /** A probe that fails is a reason like any other: whoever asks for this backend shall see it. */
  private static Availability probe(BackendProvider provider) {
    try {
      Availability availability = provider.probe();
      return availability == null
          ? Availability.unusable("its probe says nothing, a defect of the backend")
          : availability;
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      return Availability.unusable("its probe failed, a defect of the backend: " + reason(e));
    }
  }

  private static String reason(Throwable failure) {
    String what = failure instanceof ShowO2Exception ? failure.getMessage() : failure.toString();
    Throwable cause = failure.getCause();
    return cause == null ? what : what + ", caused by " + cause;
  }
}
