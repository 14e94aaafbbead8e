package dev.showo2.spi;

import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.model.Precision;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
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
 * @param places the class loaders that were looked in, for people; empty if the application named
 *     the providers
 */
record Discovery(List<Backends.Candidate> candidates, List<String> broken, List<String> places) {

  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  /** A class loader that cannot list its resources fails in the same way for ever. */
  private static final int MAX_BROKEN_ENTRIES = 100;

  /**
   * Looks in several class loaders: threads of a pool often have one that sees nothing of the
   * application. A provider that several of them see is taken from the first.
   */
  static Discovery run(Map<String, ClassLoader> loaders) {
    Map<String, Supplier<BackendProvider>> suppliers = new LinkedHashMap<>();
    List<String> broken = new ArrayList<>();
    for (ClassLoader loader : loaders.values().stream().distinct().toList()) {
      collect(loader, suppliers, broken);
    }
    Discovery found = of(List.copyOf(suppliers.values()), broken.stream().distinct().toList());
    List<String> places =
        loaders.entrySet().stream()
            .map(each -> each.getKey() + " (" + name(each.getValue()) + ")")
            .toList();
    return new Discovery(found.candidates(), found.broken(), places);
  }

  /** Of a class loader's own description nobody knows how long it is. */
  private static String name(ClassLoader loader) {
    String type = loader.getClass().getName();
    return loader.getName() == null ? type : loader.getName() + ", " + type;
  }

  private static void collect(
      ClassLoader loader, Map<String, Supplier<BackendProvider>> suppliers, List<String> broken) {
    Iterator<ServiceLoader.Provider<BackendProvider>> found =
        ServiceLoader.load(BackendProvider.class, loader).stream().iterator();
    int limit = broken.size() + MAX_BROKEN_ENTRIES;
    while (broken.size() < limit) {
      try {
        if (!found.hasNext()) {
          break;
        }
        ServiceLoader.Provider<BackendProvider> provider = found.next();
        suppliers.putIfAbsent(provider.type().getName(), provider);
      } catch (ServiceConfigurationError | LinkageError e) {
        broken.add("broken: " + reason(e));
      }
    }
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
      } catch (VirtualMachineError | CancelledException e) {
        throw e;
      } catch (Throwable e) {
        broken.add("broken: " + reason(e));
      }
    }
    return new Discovery(List.copyOf(candidates.values()), List.copyOf(broken), List.of());
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
      if (!(availability instanceof Availability.Usable)) {
        // An interrupt or the JVM's end may be all that is wrong with it.
        Interruptions.check();
      }
      return availability == null
          ? Availability.unusable("its probe says nothing, a defect of the backend")
          : availability;
    } catch (VirtualMachineError | CancelledException e) {
      throw e;
    } catch (Throwable e) {
      Interruptions.check();
      return Availability.unusable("its probe failed, a defect of the backend: " + reason(e));
    }
  }

  private static String reason(Throwable failure) {
    String what = failure instanceof ShowO2Exception ? failure.getMessage() : failure.toString();
    Throwable cause = failure.getCause();
    return cause == null ? what : what + ", caused by " + cause;
  }
}
