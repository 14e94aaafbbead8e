package dev.showo2.export.internal.lora;

import dev.showo2.export.internal.lora.AdapterKey.Role;
import dev.showo2.tensor.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks the tensors of one adapted module.
 *
 * @param path of the module in the model that was trained
 * @param tensors keys of the adapter's tensors
 */
record ModuleMerge(AdapterConfig config, ShapeCheck fit, String path, Map<Role, String> tensors) {

  /**
   * What is merged into which weight.
   *
   * @param module path in the model; it has a weight
   */
  Map<String, Delta> changes(String module) {
    Map<String, Delta> changes = new LinkedHashMap<>();
    Shape weight = fit.model().shape(module + ".weight");
    if (tensors.containsKey(Role.TOKEN_ROWS)) {
      tokenRows(weight).ifPresent(delta -> changes.put(module + ".weight", delta));
      return changes;
    }
    float scale = (float) config.scaleOf(path, trained());
    if (!Float.isFinite(scale)) {
      fit.problems()
          .add("not finite: the scale " + config.scaleOf(path, trained()) + " of " + path);
    }
    if (tensors.containsKey(Role.EMBEDDING_A) || tensors.containsKey(Role.EMBEDDING_B)) {
      embedding(weight, scale).ifPresent(delta -> changes.put(module + ".weight", delta));
    } else {
      rows(weight, scale).ifPresent(delta -> changes.put(module + ".weight", delta));
    }
    if (tensors.containsKey(Role.B_BIAS) && fit.known(module + ".bias")) {
      String bias = tensors.get(Role.B_BIAS);
      fit.require(bias, fit.model().shape(module + ".bias"));
      changes.put(
          module + ".bias", new Delta(Delta.Form.BIAS, bias, bias, scale, Optional.empty()));
    }
    return changes;
  }

  private String trained() {
    return AdapterKey.trainedPath(tensors.values().iterator().next());
  }

  private Optional<Delta> tokenRows(Shape weight) {
    String tensor = tensors.get(Role.TOKEN_ROWS);
    List<Integer> rows = config.tokenRows().of(path).orElse(List.of());
    if (tensors.size() > 1) {
      fit.problems().add("contradictory: " + path + " has trained rows and " + tensors.values());
    } else if (rows.isEmpty()) {
      fit.problems()
          .add("incomplete: no trainable_token_indices say which rows " + tensor + " has");
    } else if (weight.rank() != 2) {
      fit.problems().add("no embedding: " + path + " has a weight " + weight);
    } else if (rows.stream().anyMatch(row -> row >= weight.dimension(0))) {
      fit.problems()
          .add(
              "out of range: trainable_token_indices of "
                  + path
                  + " should be below "
                  + weight.dimension(0)
                  + ", found "
                  + rows.stream().max(Integer::compare).orElseThrow());
    } else if (fit.require(tensor, Shape.of(rows.size(), weight.dimension(1)))) {
      return Optional.of(Delta.ofRows(tensor, rows));
    }
    return Optional.empty();
  }

  private Optional<Delta> rows(Shape weight, float scale) {
    if (weight.rank() != 2 && weight.rank() != 4) {
      fit.problems().add("no linear layer or convolution: " + path + " has a weight " + weight);
      return Optional.empty();
    }
    if (!complete(Role.A, Role.B)) {
      return Optional.empty();
    }
    int rank = config.rankOf(path, trained());
    long[] first = weight.toArray();
    first[0] = rank;
    long[] second = new long[weight.rank()];
    Arrays.fill(second, 1);
    second[0] = weight.dimension(0);
    second[1] = rank;
    fit.require(tensors.get(Role.A), Shape.of(first));
    fit.require(tensors.get(Role.B), Shape.of(second));
    return Optional.of(
        new Delta(
            Delta.Form.ROWS, tensors.get(Role.A), tensors.get(Role.B), scale, magnitude(weight)));
  }

  private Optional<String> magnitude(Shape weight) {
    String tensor = tensors.get(Role.MAGNITUDE);
    if (config.dora() != (tensor != null)) {
      fit.problems()
          .add(
              "contradictory: use_dora is "
                  + config.dora()
                  + ", and "
                  + path
                  + (tensor == null ? " has no" : " has a")
                  + " lora_magnitude_vector");
    } else if (tensor != null) {
      long rows = weight.dimension(0);
      fit.require(tensor, weight.rank() == 4 ? Shape.of(1, rows, 1, 1) : Shape.of(rows));
    }
    return Optional.ofNullable(tensor);
  }

  private Optional<Delta> embedding(Shape weight, float scale) {
    if (config.dora() || tensors.containsKey(Role.MAGNITUDE)) {
      fit.problems().add("not merged: DoRA on the embedding " + path);
    }
    if (tensors.containsKey(Role.A) || tensors.containsKey(Role.B)) {
      fit.problems().add("contradictory: " + path + " is an embedding and a layer");
    }
    if (!complete(Role.EMBEDDING_A, Role.EMBEDDING_B)) {
      return Optional.empty();
    }
    if (weight.rank() != 2) {
      fit.problems().add("no embedding: " + path + " has a weight " + weight);
      return Optional.empty();
    }
    int rank = config.rankOf(path, trained());
    fit.require(tensors.get(Role.EMBEDDING_A), Shape.of(rank, weight.dimension(0)));
    fit.require(tensors.get(Role.EMBEDDING_B), Shape.of(weight.dimension(1), rank));
    return Optional.of(
        new Delta(
            Delta.Form.EMBEDDING,
            tensors.get(Role.EMBEDDING_A),
            tensors.get(Role.EMBEDDING_B),
            scale,
            Optional.empty()));
  }

  private boolean complete(Role first, Role second) {
    if (tensors.containsKey(first) && tensors.containsKey(second)) {
      return true;
    }
    fit.problems().add("incomplete: " + path + " has " + tensors.values() + " without the rest");
    return false;
  }
}
