package dev.showo2.conformance.internal.training;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.conformance.internal.golden.SafetensorsBytes;
import dev.showo2.conformance.internal.golden.SafetensorsBytes.Ids;
import dev.showo2.conformance.internal.golden.pass.WeightValues;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.AdamW;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.ParameterGroup;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainableModel.Slot;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingLosses;
import dev.showo2.train.spi.TrainingRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A run of the {@link ToyTrainer} in the format of the official ones, recorded without replay. */
final class RecordedToyRun {

  private static final int STEPS = 5;
  private static final double DECAY = 0.1;
  private static final double MAX_NORM = 2;
  private static final double RATE = 0.01;

  private final Path folder;
  private final JsonObject json = new JsonObject();
  final Map<String, Object> tensors = new LinkedHashMap<>();

  private RecordedToyRun(Path folder) {
    this.folder = folder;
  }

  /** Records three micro-batches, two of them a step. */
  static RecordedToyRun record(Path folder) {
    RecordedToyRun run = new RecordedToyRun(folder);
    run.describe();
    for (int i = 0; i < 3; i++) {
      run.addBatch(i);
    }
    run.train("fp32");
    run.train("fp64");
    return run;
  }

  /** Changes what {@code runs.json} says. */
  RecordedToyRun set(String field, String value) {
    json.add(field, JsonParser.parseString(value));
    return this;
  }

  RecordedToyRun write() throws IOException {
    Files.write(folder.resolve("toy.safetensors"), SafetensorsBytes.of(tensors));
    JsonArray all = new JsonArray();
    all.add(json);
    Files.writeString(folder.resolve("runs.json"), all.toString());
    return this;
  }

  RunFolder open() throws IOException {
    write();
    return RunFolder.open(folder);
  }

  private void describe() {
    json.addProperty("name", "toy");
    json.addProperty("file", "toy.safetensors");
    json.addProperty("something_new", 3);
    json.add("parameters", names(ToyTrainer.STAGE_ONE));
    json.add("not_trained", names(ToyTrainer.FROZEN));
    json.add("no_true_gradient", new JsonArray());
    json.add("frozen", names(List.of("und_trans", "showo")));
    set("lr", "[" + RATE + "]");
    json.addProperty("group_rule", "stage_one");
    json.addProperty("schedule", "cosine");
    json.addProperty("warmup", 1);
    json.addProperty("steps", STEPS);
    json.addProperty("batches", 3);
    json.addProperty("accumulate", 2);
    json.addProperty("weight_decay", DECAY);
    json.addProperty("max_grad_norm", MAX_NORM);
    json.addProperty("ntp", 0.2);
    json.addProperty("flow", 1);
  }

  private static JsonElement names(List<String> names) {
    JsonArray array = new JsonArray();
    names.forEach(array::add);
    return array;
  }

  private void addBatch(int index) {
    String prefix = "batch." + index + ".";
    Shape row = Shape.of(1, 4);
    tensors.put(prefix + "tokens", new Ids(row, 3 + index, 5, 5, 2));
    tensors.put(prefix + "labels", new Ids(row, -100, -100, -100, 2));
    tensors.put(prefix + "image_mask", new Ids(row, 0, 1, 1, 0));
    tensors.put(prefix + "positions", new Ids(Shape.of(1, 1, 2), 1, 2));
    tensors.put(prefix + "t", new HostTensor(Shape.of(1), new float[] {0.2f + 0.1f * index}));
    for (String name : List.of("x_t", "target")) {
      tensors.put(prefix + name, new HostTensor(Shape.of(1, 1, 1, 1), new float[] {1}));
    }
  }

  private void train(String precision) {
    float[] ntp = new float[STEPS];
    float[] flow = new float[STEPS];
    float[] norm = new float[STEPS];
    float[] rates = new float[STEPS];
    int batch = 0;
    ParameterGroup group = new ParameterGroup("all", List.of(), List.of("und_trans", "showo"));
    try (TrainableModel model =
        new ToyTrainer(each -> each)
            .open(
                null,
                null,
                TrainingRequest.builder(List.of(group))
                    .optimizer(new AdamW(0.9, 0.999, 1e-8, DECAY, MAX_NORM))
                    .build())) {
      List<float[]> before = values(model);
      for (int step = 0; step < STEPS; step++) {
        for (int micro = 0; micro < 2; micro++) {
          TrainingLosses losses = model.accumulate(batch(batch++ % 3), new LossWeights(0.2, 1), 2);
          ntp[step] += (float) losses.nextToken() / 2;
          flow[step] += (float) losses.flow() / 2;
        }
        rates[step] =
            (float) (step < 1 ? 0 : RATE * (1 + Math.cos(Math.PI * (step - 1) / (STEPS - 1))) / 2);
        norm[step] = (float) model.update(List.of((double) rates[step]));
      }
      put(precision + ".loss_ntp", ntp, STEPS);
      put(precision + ".loss_flow", flow, STEPS);
      put(precision + ".grad_norm", norm, STEPS);
      put(precision + ".lr", rates, STEPS, 1);
      putWeights(precision, before, values(model));
    }
  }

  private TrainingBatch batch(int index) {
    float time = ((HostTensor) tensors.get("batch." + index + ".t")).values()[0];
    HostTensor latents = (HostTensor) tensors.get("batch." + index + ".x_t");
    int[] tokens = {3 + index, 5, 5, 2};
    return new TrainingBatch(
        List.of(
            new TrainingBatch.Row(
                tokens,
                new int[] {-100, -100, -100, 2},
                new boolean[4],
                List.of(new TrainingBatch.Span(1, 2)))),
        latents,
        new float[] {time},
        latents,
        0);
  }

  private static List<float[]> values(TrainableModel model) {
    return model.weights().stream()
        .filter(TrainableModel.Weight::trained)
        .map(weight -> WeightValues.read(model, weight, Slot.WEIGHT))
        .toList();
  }

  private void putWeights(String precision, List<float[]> before, List<float[]> after) {
    float[] changes = new float[after.size()];
    float[] samples = new float[after.size() * RunTensors.SAMPLES];
    // 16 indices of linspace(0, 19, 16), rounded by hand.
    int[] places = {0, 1, 3, 4, 5, 6, 8, 9, 10, 11, 13, 14, 15, 16, 18, 19};
    for (int i = 0; i < changes.length; i++) {
      double sum = 0;
      for (int j = 0; j < after.get(i).length; j++) {
        sum += Math.pow((double) after.get(i)[j] - before.get(i)[j], 2);
      }
      changes[i] = (float) Math.sqrt(sum);
      for (int j = 0; j < places.length; j++) {
        samples[i * places.length + j] = after.get(i)[places[j]];
      }
    }
    put(precision + ".change_norm", changes, changes.length);
    put(precision + ".sample", samples, changes.length, places.length);
  }

  private void put(String name, float[] values, long... shape) {
    tensors.put(name, new HostTensor(Shape.of(shape), values));
  }
}
