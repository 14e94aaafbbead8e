package dev.showo2.conformance.internal.training;

import com.google.gson.JsonElement;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.internal.JsonFields;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A row that the official dataset classes made of a text or conversation.
 *
 * @param kind such as {@code caption}
 * @param input what the row was made of; its fields depend on the kind
 * @param tokens ids
 * @param labels as many as tokens
 * @param positions offset and length of each image, the time position included
 * @param mask of the flow loss, as many as tokens
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@SuppressWarnings("ArrayRecordComponent")
public record RecordedRow(
    String kind,
    JsonFields input,
    long[] tokens,
    long[] labels,
    List<List<Long>> positions,
    long[] mask) {

  static RecordedRow read(JsonFields json) {
    RecordedRow row =
        new RecordedRow(
            json.string("kind"),
            json.object("input"),
            json.longs("tokens"),
            json.longs("labels"),
            positions(json),
            json.longs("image_mask"));
    if (row.tokens.length == 0
        || row.labels.length != row.tokens.length
        || row.mask.length != row.tokens.length) {
      throw json.wrong("tokens", "as many tokens as labels and image_mask, and at least one");
    }
    return row;
  }

  private static List<List<Long>> positions(JsonFields json) {
    List<List<Long>> positions = new ArrayList<>();
    for (JsonElement each : json.array("positions")) {
      try {
        List<JsonElement> pair = each.getAsJsonArray().asList();
        if (pair.size() != 2) {
          throw json.wrong("positions", "pairs of offset and length");
        }
        positions.add(
            List.of(
                pair.get(0).getAsBigDecimal().longValueExact(),
                pair.get(1).getAsBigDecimal().longValueExact()));
      } catch (InvalidModelException e) {
        throw e;
      } catch (RuntimeException e) {
        throw json.wrong("positions", "pairs of offset and length");
      }
    }
    return List.copyOf(positions);
  }
}
