package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.showo2.conformance.FixtureModels;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportPrecision;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.spi.BackendConfig;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import dev.showo2.train.TrainedPart;
import dev.showo2.train.spi.AdamW;
import dev.showo2.train.spi.DistillationBatch;
import dev.showo2.train.spi.LoraRequest;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.ParameterGroup;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainableModel.Slot;
import dev.showo2.train.spi.TrainableModel.Weight;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import dev.showo2.train.spi.TrainingLosses;
import dev.showo2.train.spi.TrainingRequest;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Properties of a model in training that recorded runs do not show. */
@ExtendWith(ExportedFixtures.class)
class DjlTrainableModelTest {

  private static final LossWeights WEIGHTS = new LossWeights(1, 1);
  private static final List<ParameterGroup> ALL =
      List.of(new ParameterGroup("all", List.of(), List.of()));
  private static final LoraRequest LORA =
      new LoraRequest(4, 8, false, 0, List.of("q_proj", "v_proj", "down_proj"), 1);

  private static Bundle bundle;
  private static Architecture architecture;
  private static TrainingBatch batch;

  @BeforeAll
  static void use(FixtureModels models) {
    bundle = models.bundle("tiny-b");
    architecture = bundle.architecture();
    batch = TrainingBatches.mixed(architecture, 1);
  }

  private static TrainableModel open(TrainingRequest request) {
    return new DjlTrainingProvider()
        .open(bundle, BackendConfig.builder().threads(1).build(), request);
  }

  private static TrainableModel openAll() {
    return open(TrainingRequest.builder(ALL).build());
  }

  private static float[] read(TrainableModel model, String name, Slot slot) {
    Weight weight =
        model.weights().stream().filter(other -> other.name().equals(name)).findFirst().get();
    float[] values = new float[Math.toIntExact(weight.shape().elementCount())];
    model.read(name, slot, 0, FloatBuffer.wrap(values));
    return values;
  }

  private static Map<String, float[]> readAll(TrainableModel model) {
    Map<String, float[]> all = new HashMap<>();
    model.weights().forEach(w -> all.put(w.name(), read(model, w.name(), Slot.WEIGHT)));
    return all;
  }

  private static double sum(TrainingLosses losses) {
    return losses.nextToken() + losses.flow();
  }

  @Test
  void recomputedLayersGiveTheSameGradients() {
    List<TrainingRequest.Builder> requests =
        List.of(
            TrainingRequest.builder(ALL),
            TrainingRequest.builder(TrainedPart.STAGE_ONE.groups()),
            TrainingRequest.builder(
                List.of(new ParameterGroup("head", List.of("diffusion_head_b"), List.of()))),
            TrainingRequest.builder(
                List.of(new ParameterGroup("text", List.of("showo.model.layers.1"), List.of()))));
    for (TrainingRequest.Builder request : requests) {
      double[] norms = new double[2];
      for (int i = 0; i < 2; i++) {
        try (TrainableModel model = open(request.activationCheckpointing(i == 1).build())) {
          TrainingLosses losses = model.accumulate(batch, WEIGHTS, 1);
          assertTrue(losses.flow() > 0 && losses.nextToken() > 0);
          norms[i] = model.update(List.of(0.0));
        }
      }
      assertEquals(norms[0], norms[1], 1e-6 * norms[0]);
      assertTrue(norms[0] > 0);
    }
  }

  @Test
  void adapterAloneIsTrainedAndEqualsMergedWeights() {
    String layer = "showo.model.layers.0.self_attn.q_proj";
    TrainingLosses ofModel;
    Map<String, float[]> merged;
    try (TrainableModel model = openAll()) {
      ofModel = model.accumulate(batch, WEIGHTS, 1);
      merged = readAll(model);
    }
    TrainingLosses ofAdapter;
    try (TrainableModel model = open(TrainingRequest.builder(ALL).lora(LORA).build())) {
      assertEquals(sum(ofModel), sum(model.accumulate(batch, WEIGHTS, 1)), 1e-5);
      model.discardGradients();
      double first = 0;
      for (int step = 0; step < 8; step++) {
        double loss = sum(model.accumulate(batch, WEIGHTS, 1));
        first = step == 0 ? loss : first;
        model.update(List.of(1e-2));
      }
      ofAdapter = model.accumulate(batch, WEIGHTS, 1);
      assertTrue(sum(ofAdapter) < 0.9 * first, sum(ofAdapter) + " after " + first);
      for (Weight weight : model.weights()) {
        assertEquals(weight.name().contains(".lora_"), weight.trained(), weight.name());
        if (!weight.trained()) {
          assertArrayEquals(
              merged.get(weight.name()), read(model, weight.name(), Slot.WEIGHT), weight.name());
        }
      }
      for (String name : List.copyOf(merged.keySet())) {
        String stem = name.replace(".weight", "");
        if (model.weights().stream().anyMatch(w -> w.name().equals(stem + ".lora_A.weight"))) {
          addProduct(
              merged.get(name),
              read(model, stem + ".lora_A.weight", Slot.WEIGHT),
              read(model, stem + ".lora_B.weight", Slot.WEIGHT));
        }
      }
      assertTrue(model.weights().stream().anyMatch(w -> w.name().equals(layer + ".lora_A.weight")));
    }
    try (TrainableModel model = openAll()) {
      merged.forEach((name, values) -> model.write(name, Slot.WEIGHT, 0, FloatBuffer.wrap(values)));
      assertEquals(sum(ofAdapter), sum(model.accumulate(batch, WEIGHTS, 1)), 1e-4);
    }
  }

  /** W + scale · B·A. */
  private static void addProduct(float[] weight, float[] a, float[] b) {
    int rank = LORA.rank();
    int in = a.length / rank;
    for (int row = 0; row < b.length / rank; row++) {
      for (int column = 0; column < in; column++) {
        double product = 0;
        for (int r = 0; r < rank; r++) {
          product += (double) b[row * rank + r] * a[r * in + column];
        }
        weight[row * in + column] += (float) (LORA.scale() * product);
      }
    }
  }

  @Test
  void dropoutFollowsTheSeedAndIsNotInInference() {
    LoraRequest dropping = new LoraRequest(4, 8, true, 0.5, LORA.targets(), 1);
    try (TrainableModel model = open(TrainingRequest.builder(ALL).lora(dropping).build())) {
      // B is 0 at first, and without effect.
      model.accumulate(batch, WEIGHTS, 1);
      model.update(List.of(1e-1));
      double loss = sum(model.accumulate(batch, WEIGHTS, 1));
      assertEquals(loss, sum(model.accumulate(batch, WEIGHTS, 1)));
      TrainingBatch other =
          new TrainingBatch(batch.rows(), batch.latents(), batch.times(), batch.targets(), 2);
      assertNotEquals(loss, sum(model.accumulate(other, WEIGHTS, 1)));
      assertArrayEquals(fused(model), fused(model));
    }
  }

  private static float[] fused(TrainableModel model) {
    try (Tensor latents = model.backend().upload(oneFrame());
        Tensor tokens =
            model.backend().fusion().fuse(FusionRequest.of(latents, java.util.Optional.empty()))) {
      return tokens.toHost().values();
    }
  }

  private static HostTensor oneFrame() {
    Shape shape = batch.latents().shape();
    Shape frame = Shape.of(1, shape.dimension(1), 1, shape.dimension(2), shape.dimension(3));
    return new HostTensor(frame, new TorchRandom(3).normals(Math.toIntExact(frame.elementCount())));
  }

  @Test
  void backendComputesWithTheWeightsAsTheyAre() {
    try (TrainableModel model = openAll()) {
      float[] before = fused(model);
      Map<String, float[]> weights = readAll(model);
      model.accumulate(batch, WEIGHTS, 1);
      model.update(List.of(1e-2));
      assertFalse(java.util.Arrays.equals(before, fused(model)));
      weights.forEach(
          (name, values) -> model.write(name, Slot.WEIGHT, 0, FloatBuffer.wrap(values)));
      assertArrayEquals(before, fused(model));
    }
  }

  @Test
  void averageFollowsTheWeights() {
    String name = "fusion_proj.1.bias";
    try (TrainableModel model = open(TrainingRequest.builder(ALL).averageDecay(0.75).build())) {
      float[] before = read(model, name, Slot.AVERAGE);
      assertArrayEquals(read(model, name, Slot.WEIGHT), before);
      model.accumulate(batch, WEIGHTS, 1);
      model.update(List.of(1e-2));
      float[] after = read(model, name, Slot.WEIGHT);
      float[] average = read(model, name, Slot.AVERAGE);
      for (int i = 0; i < after.length; i++) {
        assertEquals(0.75f * before[i] + 0.25f * after[i], average[i], 1e-6f);
      }
    }
  }

  @Test
  void rowsWithoutLossesCountAsZero() {
    int length = batch.length();
    Row row =
        new Row(
            TrainingBatches.tokens(length),
            TrainingBatches.none(length),
            new boolean[length],
            List.of(Span.NONE));
    TrainingBatch empty = TrainingBatches.batch(architecture, List.of(row), new float[] {0.5f}, 1);
    try (TrainableModel model = openAll()) {
      Map<String, float[]> before = readAll(model);
      assertEquals(new TrainingLosses(0, 0, 0, 0), model.accumulate(empty, WEIGHTS, 1));
      assertEquals(0, model.update(List.of(1e-2)));
      assertEquals(1, model.updates());
      readAll(model).forEach((name, values) -> assertArrayEquals(before.get(name), values, name));
    }
  }

  @Test
  void gradientsThatAreNotFiniteChangeNothing() {
    float[] latents = batch.latents().values().clone();
    latents[0] = Float.NaN;
    TrainingBatch broken =
        new TrainingBatch(
            batch.rows(),
            new HostTensor(batch.latents().shape(), latents),
            batch.times(),
            batch.targets(),
            0);
    try (TrainableModel model = openAll()) {
      Map<String, float[]> before = readAll(model);
      assertTrue(Double.isNaN(model.accumulate(broken, WEIGHTS, 1).flow()));
      assertTrue(Double.isNaN(model.update(List.of(1e-2))));
      assertEquals(0, model.updates());
      readAll(model).forEach((name, values) -> assertArrayEquals(before.get(name), values, name));
      assertTrue(model.accumulate(batch, WEIGHTS, 1).flow() > 0);
      assertTrue(Double.isFinite(model.update(List.of(1e-2))));
    }
  }

  @Test
  void distillationLossIsThatOfTheCosines() {
    TokenGrid grid = architecture.imageGrid();
    int width = architecture.semantic().hiddenSize();
    HostTensor latents = batch.latents();
    float[] own;
    try (DjlBackend stages =
            DjlBackend.open(bundle, DjlOptions.of(BackendConfig.builder().threads(1).build()));
        NDManager scope = stages.context().manager().newSubManager()) {
      own =
          stages
              .fusion()
              .semantic(
                  NdScopes.copyOf(
                      latents.values(),
                      new ai.djl.ndarray.types.Shape(latents.shape().toArray()),
                      scope),
                  grid)
              .toFloatArray();
    }
    float[] noise = new TorchRandom(5).normals(own.length);
    float[] teacher = new float[own.length];
    for (int i = 0; i < own.length; i++) {
      teacher[i] = own[i] + 0.3f * noise[i];
    }
    double expected = 0;
    int positions = own.length / width;
    for (int position = 0; position < positions; position++) {
      double product = 0;
      double first = 0;
      double second = 0;
      for (int i = position * width; i < (position + 1) * width; i++) {
        product += (double) own[i] * teacher[i];
        first += (double) own[i] * own[i];
        second += (double) teacher[i] * teacher[i];
      }
      expected -= Math.log(product / Math.sqrt(first * second)) / positions;
    }
    Shape shape = Shape.of(latents.shape().dimension(0), grid.tokens(), width);
    DistillationBatch distillation = new DistillationBatch(latents, new HostTensor(shape, teacher));
    float[] opposite = new float[own.length];
    for (int i = 0; i < own.length; i++) {
      opposite[i] = -own[i];
    }
    DistillationBatch hard = new DistillationBatch(latents, new HostTensor(shape, opposite));
    List<ParameterGroup> semantic =
        List.of(
            new ParameterGroup(
                "semantic",
                List.of("und_trans", "image_embedder_und", "position_embedding"),
                List.of()));
    try (TrainableModel model = open(TrainingRequest.builder(semantic).build())) {
      assertEquals(expected, model.accumulate(distillation, 1), 1e-4 * expected);
      model.discardGradients();
      double first = model.accumulate(hard, 1);
      model.update(List.of(1e-3));
      for (int step = 0; step < 20; step++) {
        model.accumulate(hard, 1);
        model.update(List.of(1e-3));
      }
      assertTrue(model.accumulate(hard, 1) < 0.9 * first);
      DistillationBatch other =
          new DistillationBatch(
              latents, HostTensor.zeros(Shape.of(shape.dimension(0), grid.tokens(), width + 1)));
      assertThrows(InvalidRequestException.class, () -> model.accumulate(other, 1));
    }
  }

  @Test
  void wrongRequestsSayWhatIsWrong() {
    assertMessage(
        "no weight of this model has 'shwo' in its name",
        () -> open(TrainingRequest.builder(groups("fusion", "shwo")).build()));
    assertMessage(
        "no weight is trained in the group 'later'",
        () ->
            open(
                TrainingRequest.builder(
                        List.of(ALL.get(0), new ParameterGroup("later", List.of(), List.of())))
                    .build()));
    LoraRequest unknown = new LoraRequest(4, 8, false, 0, List.of("q_proj", "qq_proj"), 1);
    assertMessage(
        "named [qq_proj]", () -> open(TrainingRequest.builder(ALL).lora(unknown).build()));
    try (TrainableModel model = open(TrainingRequest.builder(groups("fusion_proj")).build())) {
      assertMessage("each of 1 groups", () -> model.update(List.of()));
      assertMessage("each of 1 groups", () -> model.update(List.of(Double.NaN)));
      assertThrows(
          IllegalArgumentException.class,
          () ->
              model.write(
                  "showo.model.norm.weight", Slot.WEIGHT, 0, FloatBuffer.wrap(new float[1])));
      assertThrows(
          IllegalArgumentException.class,
          () -> model.read("nothing", Slot.WEIGHT, 0, FloatBuffer.wrap(new float[1])));
      assertThrows(
          IllegalArgumentException.class,
          () ->
              model.read(
                  "fusion_proj.1.bias", Slot.WEIGHT, 1, FloatBuffer.wrap(new float[1 << 16])));
      assertThrows(IllegalArgumentException.class, () -> model.accumulate(batch, WEIGHTS, 0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void stateGoesOnInAnotherModel(int threads) {
    TrainingRequest request = TrainingRequest.builder(ALL).averageDecay(0.9).build();
    Map<String, float[]> whole;
    Map<String, Map<Slot, float[]>> saved = new HashMap<>();
    try (TrainableModel model = open(request)) {
      train(model, 0, 7);
      for (Weight weight : model.weights()) {
        Map<Slot, float[]> slots = new EnumMap<>(Slot.class);
        for (Slot slot : Slot.values()) {
          slots.put(slot, read(model, weight.name(), slot));
        }
        saved.put(weight.name(), slots);
      }
      train(model, 7, 10);
      whole = readAll(model);
    }
    BackendConfig config = BackendConfig.builder().threads(threads).build();
    try (TrainableModel model = new DjlTrainingProvider().open(bundle, config, request)) {
      saved.forEach(
          (name, slots) ->
              slots.forEach(
                  (slot, values) -> model.write(name, slot, 0, FloatBuffer.wrap(values))));
      model.setUpdates(7);
      train(model, 7, 10);
      readAll(model)
          .forEach(
              (name, values) -> {
                if (threads == 1) {
                  assertArrayEquals(whole.get(name), values, name);
                } else if (!name.matches("und_trans.*k_proj.bias")) {
                  // Those have no true gradient: Adam makes steps of rounding noise.
                  assertArrayEquals(whole.get(name), values, 1e-5f, name);
                }
              });
    }
  }

  private static void train(TrainableModel model, int from, int to) {
    for (int step = from; step < to; step++) {
      for (int part = 0; part < 2; part++) {
        model.accumulate(TrainingBatches.mixed(architecture, 2L * step + part), WEIGHTS, 2);
      }
      model.update(List.of(1e-4));
    }
  }

  @Test
  void otherPrecisionsAreRefused(@TempDir Path folder, FixtureModels fixtures) throws IOException {
    BackendConfig rounded = BackendConfig.builder().option("compute", "bf16").build();
    assertThrows(
        UnsupportedFeatureException.class,
        () ->
            new DjlTrainingProvider().open(bundle, rounded, TrainingRequest.builder(ALL).build()));
    Path quantized = folder.resolve("int8");
    ModelExporter.exportUnchecked(
        ExportRequest.of(fixtures.path("tiny-b"), quantized)
            .withPrecision(ExportPrecision.parse("int8")),
        ExportListener.NONE);
    UnsupportedFeatureException refusal =
        assertThrows(
            UnsupportedFeatureException.class,
            () ->
                new DjlTrainingProvider()
                    .open(
                        Bundle.open(quantized),
                        BackendConfig.defaults(),
                        TrainingRequest.builder(ALL).build()));
    assertTrue(
        refusal.getMessage().contains("found ") && refusal.getMessage().contains(" in int8"),
        refusal.getMessage());
  }

  private static List<ParameterGroup> groups(String... including) {
    return List.of(new ParameterGroup("one", List.of(including), List.of()));
  }

  @Test
  void wrongBatchesSayWhatIsWrong() {
    int length = batch.length();
    int span = architecture.imageGrid().tokens() + 1;
    int[] tokens = TrainingBatches.tokens(length);
    int[] unknown = tokens.clone();
    unknown[2] = architecture.backbone().vocabularySize();
    int[] none = TrainingBatches.none(length);
    boolean[] mask = new boolean[length];
    mask[length - 1] = true;
    try (TrainableModel model = openAll()) {
      assertRefused(model, "token ids from 0", new Row(unknown, none, mask, List.of(Span.NONE)));
      assertRefused(model, "which is in no span", new Row(tokens, none, mask, List.of(Span.NONE)));
      assertRefused(
          model,
          "expected spans",
          new Row(tokens, none, new boolean[length], List.of(new Span(1, span - 1))));
      assertRefused(
          model,
          "must be at position 0",
          new Row(tokens, none, new boolean[length], List.of(new Span(1, 0))));
      HostTensor odd = HostTensor.zeros(Shape.of(1, architecture.vae().latentChannels(), 3, 4));
      TrainingBatch wrong =
          new TrainingBatch(
              List.of(new Row(tokens, none, new boolean[length], List.of(Span.NONE))),
              odd,
              new float[] {1},
              odd,
              0);
      assertMessage("multiples of", () -> model.accumulate(wrong, WEIGHTS, 1));
    }
  }

  private static void assertRefused(TrainableModel model, String message, Row row) {
    TrainingBatch one =
        TrainingBatches.batch(architecture, Collections.nCopies(1, row), new float[] {1}, 1);
    assertMessage(message, () -> model.accumulate(one, WEIGHTS, 1));
  }

  private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
    InvalidRequestException refusal = assertThrows(InvalidRequestException.class, call);
    assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
  }

  @Test
  void aStepLeavesNothingBehind() {
    try (TrainableModel model =
        open(TrainingRequest.builder(ALL).optimizer(AdamW.OFFICIAL).build())) {
      DjlBackend stages = (DjlBackend) model.backend();
      model.accumulate(batch, WEIGHTS, 1);
      model.update(List.of(1e-4));
      int arrays = stages.arrays();
      for (int step = 0; step < 5; step++) {
        model.accumulate(batch, WEIGHTS, 1);
        model.update(List.of(1e-4));
        assertThrows(InvalidRequestException.class, () -> model.update(List.of()));
      }
      assertEquals(arrays, stages.arrays());
    }
  }
}
