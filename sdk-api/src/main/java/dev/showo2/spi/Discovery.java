package dev.showo2.spi;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What {@link ServiceLoader} finds, sorted into backends and broken ones: one vendor's failure must
 * not hide the others.
 */
record Discovery(List<Backends.Candidate> candidates, List<String> broken) {

  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  static Discovery run() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader loader = context == null ? Discovery.class.getClassLoader() : context;
    Iterator<ServiceLoader.Provider<BackendProvider>> found =
        ServiceLoader.load(BackendProvider.class, loader).stream().iterator();
    List<Supplier<BackendProvider>> suppliers = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    while (true) {
      try {
        if (!found.hasNext()) {
          break;
        }
        suppliers.add(found.next());
      } catch (ServiceConfigurationError e) {
        broken.add("broken: " + e.getMessage());
      }
    }
    return of(suppliers, broken);
  }

  static Discovery of(List<Supplier<BackendProvider>> suppliers, List<String> brokenEntries) {
    Map<String, Backends.Candidate> candidates = new TreeMap<>();
    List<String> broken = new ArrayList<>(brokenEntries);
    for (Supplier<BackendProvider> supplier : suppliers) {
      try {
        BackendProvider provider = supplier.get();
        String id = provider.id();
        if (id == null || !ID.matcher(id).matches()) {
          broken.add(
              "broken: "
                  + provider.getClass().getName()
                  + " calls itself '"
                  + id
                  + "', an id is lower-case letters, digits and hyphens");
        } else if (candidates.containsKey(id)) {
          broken.add(
              "broken: "
                  + provider.getClass().getName()
                  + " has the id '"
                  + id
                  + "' of "
                  + candidates.get(id).provider().getClass().getName());
        } else {
          candidates.put(id, new Backends.Candidate(provider, provider.probe()));
        }
      } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
        broken.add("broken: " + e);
      }
    }
    List<Backends.Candidate> sorted = new ArrayList<>(candidates.values());
    sorted.sort(Comparator.comparing(Backends.Candidate::id));
    return new Discovery(List.copyOf(sorted), List.copyOf(broken));
  }
}
