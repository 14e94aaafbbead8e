package dev.showo2.conformance.internal.golden.pass;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.internal.JsonFields;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/** Positions of a sequence that belong to one image. */
@API(status = API.Status.INTERNAL)
public record Span(int offset, int length) {

  private static final String SPAN = "span";

  public int end() {
    return offset + length;
  }

  /** The spans of one sequence from a list of [offset, length]; [0, 0] means none. */
  public static List<Span> list(JsonElement json, String where) {
    if (!json.isJsonArray()) {
      throw new InvalidModelException(
          where + ": spans should be lists of [offset, length] per sequence, found " + json);
    }
    List<Span> spans = new ArrayList<>();
    for (JsonElement pair : json.getAsJsonArray()) {
      Span span = read(pair, where);
      if (span.length > 0) {
        spans.add(span);
      }
    }
    return spans;
  }

  private static Span read(JsonElement pair, String where) {
    JsonObject holder = new JsonObject(); // gives the element a name for the checks and messages
    holder.add(SPAN, pair);
    JsonFields fields = JsonFields.of(holder, where);
    long[] values = fields.longs(SPAN);
    if (values.length != 2 || Math.min(values[0], values[1]) < 0 || values[0] + values[1] > 1e9) {
      throw fields.wrong(SPAN, "[offset, length] within a sequence");
    }
    return new Span((int) values[0], (int) values[1]);
  }
}
