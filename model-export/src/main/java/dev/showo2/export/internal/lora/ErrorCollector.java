package dev.showo2.export.internal.lora;

import dev.showo2.error.InvalidModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Collects the mismatches between an adapter and a model for one message. */
final class ErrorCollector {

  private static final int MAX_LISTED = 20;

  private final List<String> found = new ArrayList<>();

  void add(String problem) {
    found.add(problem);
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /**
   * @throws InvalidModelException listing what was found
   */
  void requireNone(Adapter adapter) {
    if (found.isEmpty()) {
      return;
    }
    StringBuilder message =
        new StringBuilder("the adapter ")
            .append(adapter.name())
            .append(" cannot be merged into this model:");
    found.stream().limit(MAX_LISTED).forEach(problem -> message.append("\n  ").append(problem));
    if (found.size() > MAX_LISTED) {
      message.append("\n  and ").append(found.size() - MAX_LISTED).append(" more");
    }
    adapter
        .config()
        .description()
        .baseModel()
        .filter(base -> !base.toLowerCase(Locale.ROOT).replace("-", "").contains("showo"))
        .ifPresent(
            base ->
                message
                    .append("\nIts configuration says that it was trained on '")
                    .append(base)
                    .append("'; was that this model?"));
    throw new InvalidModelException(message.toString());
  }
}
