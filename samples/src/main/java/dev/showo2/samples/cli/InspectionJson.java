package dev.showo2.samples.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.export.inspect.AdapterInspection;
import dev.showo2.export.inspect.AlteredFile;
import dev.showo2.export.inspect.BundleInspection;
import dev.showo2.export.inspect.CheckpointInspection;
import dev.showo2.export.inspect.Inspection;
import dev.showo2.export.inspect.MemoryEstimate;
import dev.showo2.export.inspect.WeightCount;
import dev.showo2.model.BundleFile;
import dev.showo2.model.GraphFile;
import dev.showo2.model.Precision;
import dev.showo2.stage.Stage;
import java.util.List;
import java.util.Map;

/** Inspections for programs. */
final class InspectionJson {

  private InspectionJson() {}

  static JsonObject of(Inspection inspection) {
    JsonObject json = new JsonObject();
    json.addProperty("path", OutputFile.absolute(inspection.path()).toString());
    json.addProperty("name", inspection.name());
    if (inspection instanceof BundleInspection bundle) {
      bundle(json, bundle);
    } else if (inspection instanceof CheckpointInspection checkpoint) {
      checkpoint(json, checkpoint);
    } else {
      adapter(json, (AdapterInspection) inspection);
    }
    return json;
  }

  private static void bundle(JsonObject json, BundleInspection bundle) {
    json.addProperty("kind", "bundle");
    json.addProperty("format_version", bundle.formatVersion());
    json.addProperty("sha256", bundle.hash());
    bundle.model().ifPresent(model -> json.addProperty("model", model));
    JsonArray files = new JsonArray();
    for (BundleFile file : bundle.listed()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("name", file.name());
      entry.addProperty("bytes", file.size());
      entry.addProperty("sha256", file.sha256());
      files.add(entry);
    }
    json.add("files", files);
    json.add("weights", weights(bundle.weights()));
    json.addProperty("parameters", bundle.parameters());
    json.addProperty("tokens", bundle.tokens());
    JsonObject stages = new JsonObject();
    bundle.precisions().forEach((stage, precision) -> stages.add(stage.id(), stage(bundle, stage)));
    json.add("stages", stages);
    json.add("architecture", Json.of(bundle.architecture()));
    json.add("memory", memory(bundle.memory()));
  }

  private static JsonObject stage(BundleInspection bundle, Stage stage) {
    JsonObject json = new JsonObject();
    json.addProperty("precision", bundle.precisions().get(stage).id());
    JsonArray graphs = new JsonArray();
    for (GraphFile graph : bundle.graphs()) {
      if (graph.stage() == stage) {
        JsonObject entry = new JsonObject();
        entry.addProperty("file", graph.file());
        entry.addProperty("part", graph.part());
        entry.addProperty("dialect", graph.dialect());
        graphs.add(entry);
      }
    }
    json.add("graphs", graphs);
    return json;
  }

  private static void checkpoint(JsonObject json, CheckpointInspection checkpoint) {
    json.addProperty("kind", Json.name(checkpoint.kind()));
    checkpoint.model().ifPresent(model -> json.addProperty("model", model));
    json.add("files", array(checkpoint.files()));
    json.add("weights", weights(checkpoint.weights()));
    json.addProperty("parameters", checkpoint.parameters());
    checkpoint.tokens().ifPresent(tokens -> json.addProperty("tokens", tokens));
    checkpoint.unknown().ifPresent(why -> json.addProperty("architecture_unknown", why));
    checkpoint
        .architecture()
        .ifPresent(
            sizes -> {
              json.add("architecture", Json.of(sizes));
              json.add("memory", memory(checkpoint.memory()));
              JsonArray ignored = new JsonArray();
              checkpoint.ignoredKeys().forEach(ignored::add);
              json.add("ignored_keys", ignored);
            });
  }

  private static void adapter(JsonObject json, AdapterInspection adapter) {
    json.addProperty("kind", "adapter");
    json.add("files", array(adapter.files()));
    json.add("weights", weights(List.of(adapter.weights())));
    json.addProperty("parameters", adapter.weights().parameters());
    json.addProperty("rank", adapter.rank());
    json.addProperty("alpha", adapter.alpha());
    JsonArray targets = new JsonArray();
    adapter.targets().forEach(targets::add);
    json.add("targets", targets);
    adapter.base().ifPresent(base -> json.addProperty("base", base));
  }

  static JsonArray altered(List<AlteredFile> altered) {
    return array(altered);
  }

  private static JsonArray array(List<? extends Record> records) {
    JsonArray array = new JsonArray();
    records.forEach(entry -> array.add(Json.of(entry)));
    return array;
  }

  private static JsonArray weights(List<WeightCount> counts) {
    JsonArray weights = new JsonArray();
    for (WeightCount count : counts) {
      JsonObject types = new JsonObject();
      for (WeightCount.OfType type : count.types()) {
        JsonObject entry = new JsonObject();
        entry.addProperty("tensors", type.tensors());
        entry.addProperty("elements", type.elements());
        entry.addProperty("bytes", type.bytes());
        types.add(Json.name(type.type()), entry);
      }
      JsonObject entry = new JsonObject();
      entry.addProperty("of", count.what());
      entry.add("types", types);
      weights.add(entry);
    }
    return weights;
  }

  private static JsonObject memory(Map<Precision, MemoryEstimate> estimates) {
    JsonObject json = new JsonObject();
    estimates.forEach((precision, estimate) -> json.add(precision.id(), Json.of(estimate)));
    return json;
  }
}
