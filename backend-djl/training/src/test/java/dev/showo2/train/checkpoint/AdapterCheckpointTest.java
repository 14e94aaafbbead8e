package dev.showo2.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.LoraRequest;
import dev.showo2.train.spi.TrainableModel.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of adapters as folders of PEFT. */
class AdapterCheckpointTest {

  private static final String IN_BACKBONE = "showo.model.layers.1.self_attn.q_proj";
  private static final String IN_FLOW_HEAD = "diffusion_head_a.0.self_attn.q_proj";
  private static final int RANK = 3;

  @TempDir private Path temporary;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isMergedByTheExporter(boolean rankStabilized) throws IOException {
    Path start = TinyCheckpoint.TINY_A.copyTo(temporary);
    LoraRequest request = request(rankStabilized);
    FakeTrainableModel model = model();
    Path adapter = temporary.resolve("adapter");
    AdapterCheckpoint.write(adapter, model, request, Optional.of("tiny-a"));
    Path bundle = temporary.resolve("bundle");
    ModelExporter.export(ExportRequest.of(start, bundle).withAdapter(adapter), ExportListener.NONE);
    try (CheckpointWeights original = Checkpoints.open(start);
        CheckpointWeights backbone = Checkpoints.open(bundle.resolve("backbone.safetensors"));
        CheckpointWeights flowHead = Checkpoints.open(bundle.resolve("flow_head.safetensors"));
        CheckpointWeights fusion = Checkpoints.open(bundle.resolve("fusion.safetensors"))) {
      requireMerged(IN_BACKBONE, model, request, original, backbone);
      requireMerged(IN_FLOW_HEAD, model, request, original, flowHead);
      for (String name : fusion.names()) {
        assertArrayEquals(
            original.readFloats(name).values(), fusion.readFloats(name).values(), name);
      }
      String other = "showo.model.layers.0.self_attn.q_proj.weight";
      assertArrayEquals(original.readFloats(other).values(), backbone.readFloats(other).values());
    }
  }

  /** W + scale · B·A. */
  private static void requireMerged(
      String layer,
      FakeTrainableModel model,
      LoraRequest request,
      CheckpointWeights original,
      CheckpointWeights merged) {
    float[] a = model.values(layer + ".lora_A.weight");
    float[] b = model.values(layer + ".lora_B.weight");
    float[] expected = original.readFloats(layer + ".weight").values();
    int inputs = a.length / RANK;
    for (int i = 0; i < expected.length; i++) {
      double product = 0;
      for (int r = 0; r < RANK; r++) {
        product += b[i / inputs * RANK + r] * (double) a[r * inputs + i % inputs];
      }
      expected[i] = (float) (expected[i] + request.scale() * product);
    }
    assertArrayEquals(expected, merged.readFloats(layer + ".weight").values(), 1e-6f);
  }

  /** Ends of names would fit semantic layers too, which are not trained. */
  @Test
  void listsLayersByTheirWholeNames() throws IOException {
    Path adapter = temporary.resolve("adapter");
    AdapterCheckpoint.write(adapter, model(), request(false), Optional.empty());
    String config = Files.readString(adapter.resolve("adapter_config.json"));
    assertTrue(
        config
            .replaceAll("\\s", "")
            .contains("\"target_modules\":[\"" + IN_FLOW_HEAD + "\",\"" + IN_BACKBONE + "\"]"),
        config);
    assertTrue(config.contains("\"lora_dropout\": 0.05"), config);
    try (CheckpointWeights stored =
        Checkpoints.open(adapter.resolve("adapter_model.safetensors"))) {
      assertEquals(
          List.of(
              "base_model.model." + IN_FLOW_HEAD + ".lora_A.weight",
              "base_model.model." + IN_FLOW_HEAD + ".lora_B.weight",
              "base_model.model." + IN_BACKBONE + ".lora_A.weight",
              "base_model.model." + IN_BACKBONE + ".lora_B.weight"),
          List.copyOf(stored.names()));
    }
  }

  @Test
  void writesMeans() throws IOException {
    FakeTrainableModel model = model();
    Path adapter = temporary.resolve("adapter");
    AdapterCheckpoint.write(
        adapter, WeightViews.adapterAveragesOf(model), request(false), Optional.empty());
    try (CheckpointWeights stored =
        Checkpoints.open(adapter.resolve("adapter_model.safetensors"))) {
      String name = IN_BACKBONE + ".lora_B.weight";
      assertEquals(
          model.values(name)[0] + 1, stored.readFloats("base_model.model." + name).values()[0]);
    }
  }

  @Test
  void refusesWhatIsNoAdapterOfTheseSettings() throws IOException {
    refused("should have rank 4", model(), new LoraRequest(4, 8, false, 0, List.of("q_proj"), 1));
    ComposedWeights none = new ComposedWeights();
    refused("no adapter was trained", new FakeTrainableModel(none, List.of()), request(false));
    ComposedWeights half = new ComposedWeights();
    half.add("x.lora_A.weight", Shape.of(RANK, 1), Floats.source(new float[RANK]));
    refused(
        "lacks one of its matrices",
        new FakeTrainableModel(half, List.of(new Weight("x.lora_A.weight", Shape.of(RANK, 1), 0))),
        request(false));
  }

  private void refused(String expected, FakeTrainableModel model, LoraRequest request) {
    Path folder = temporary.resolve("refused");
    String message =
        assertThrows(
                InvalidRequestException.class,
                () -> AdapterCheckpoint.write(folder, model, request, Optional.empty()))
            .getMessage();
    assertTrue(message.contains(expected), message);
    assertTrue(Files.notExists(folder));
  }

  private static LoraRequest request(boolean rankStabilized) {
    return new LoraRequest(RANK, 6, rankStabilized, 0.05, List.of("q_proj"), 1);
  }

  /** A model of tiny-a's sizes with an adapter on two layers, and another weight. */
  private static FakeTrainableModel model() {
    ComposedWeights source = new ComposedWeights();
    add(source, IN_BACKBONE + ".lora_A.weight", Shape.of(RANK, 64));
    add(source, IN_BACKBONE + ".lora_B.weight", Shape.of(64, RANK));
    add(source, IN_FLOW_HEAD + ".lora_A.weight", Shape.of(RANK, 96));
    add(source, IN_FLOW_HEAD + ".lora_B.weight", Shape.of(96, RANK));
    add(source, IN_FLOW_HEAD + ".weight", Shape.of(96, 96));
    List<Weight> weights = new ArrayList<>();
    source
        .names()
        .forEach(
            name ->
                weights.add(
                    new Weight(name, source.shape(name), PeftNames.isAdapter(name) ? 0 : -1)));
    return new FakeTrainableModel(source, weights);
  }

  private static void add(ComposedWeights weights, String name, Shape shape) {
    Random random = new Random(name.hashCode());
    float[] values = new float[(int) shape.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() / 8;
    }
    weights.add(name, shape, Floats.source(values));
  }
}
