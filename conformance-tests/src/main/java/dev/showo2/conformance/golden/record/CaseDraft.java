package dev.showo2.conformance.golden.record;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.conformance.internal.golden.pass.RgbValues;
import dev.showo2.conformance.internal.golden.pass.Span;
import dev.showo2.error.BackendException;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A case in the making: its settings and its tensors. */
final class CaseDraft {

  private final String name;
  private final JsonObject settings = new JsonObject();
  private final List<RecordedTensor> tensors = new ArrayList<>();

  CaseDraft(CaseRecipe recipe) {
    name = recipe.name();
    settings.addProperty("name", name);
    settings.addProperty("stage", recipe.stage());
  }

  String name() {
    return name;
  }

  /** What the case says besides its tensors; further settings are put there. */
  JsonObject settings() {
    return settings;
  }

  List<RecordedTensor> tensors() {
    return tensors;
  }

  /**
   * @throws BackendException if a value is not finite: nothing could be compared with it
   */
  void floats(String tensor, HostTensor values) {
    for (float value : values.values()) {
      if (!Float.isFinite(value)) {
        throw new BackendException(
            "case '"
                + name
                + "': '"
                + tensor
                + "' should be finite, the backend gave "
                + value
                + "; record with a backend that computes this bundle");
      }
    }
    tensors.add(RecordedTensor.of(tensor, values));
  }

  /** Ids in rows of equal length. */
  void ids(String tensor, int rows, int... ids) {
    long[] values = Arrays.stream(ids).asLongStream().toArray();
    Shape shape = Shape.of(rows, ids.length / rows);
    tensors.add(RecordedTensor.of(tensor, ElementType.INT64, shape, values));
  }

  void pixels(String tensor, RgbValues pixels) {
    tensors.add(RecordedTensor.of(tensor, ElementType.UINT8, pixels.shape(), pixels.values()));
  }

  /** The spans of each sequence; one without any has an empty one, as in the reference. */
  void spans(List<List<Span>> rows) {
    JsonArray all = new JsonArray();
    for (List<Span> row : rows) {
      JsonArray spans = new JsonArray();
      (row.isEmpty() ? List.of(new Span(0, 0)) : row).forEach(span -> spans.add(pair(span)));
      all.add(spans);
    }
    settings.add("spans", all);
  }

  private static JsonArray pair(Span span) {
    JsonArray pair = new JsonArray();
    pair.add(span.offset());
    pair.add(span.length());
    return pair;
  }
}
