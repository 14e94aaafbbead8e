package dev.showo2.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.model.Bundle;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.TrainableModel.Weight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of checkpoints in the released layout, on those that the official code wrote. */
class ReleasedCheckpointTest {

  private static final String EMBEDDING = "showo.model.embed_tokens.weight";
  private static final String HEAD = "showo.lm_head.weight";
  private static final String TRAINED = "fusion_proj.1.weight";

  @TempDir private Path temporary;

  @ParameterizedTest
  @EnumSource(ReleaseFormat.class)
  void hasTheKeysAndValuesOfTheModel(ReleaseFormat format) throws IOException {
    for (TinyCheckpoint tiny : TinyCheckpoint.values()) {
      Path start = tiny.copyTo(temporary);
      Path result = temporary.resolve(tiny + "-" + format);
      try (CheckpointWeights original = Checkpoints.open(start)) {
        FakeTrainableModel model = model(original);
        model.values(TRAINED)[3] = 42;
        ReleasedCheckpoint.write(
            result, ReleaseRequest.of(start).withFormat(format), model, ExportListener.NONE);
        try (CheckpointWeights written = Checkpoints.open(result)) {
          assertEquals(new TreeSet<>(original.names()), new TreeSet<>(written.names()));
          for (String name : written.names()) {
            float[] expected =
                model.weights().stream().anyMatch(weight -> weight.name().equals(name))
                    ? model.values(name)
                    : model.values(EMBEDDING);
            assertEquals(original.shape(name), written.shape(name), name);
            assertArrayEquals(expected, written.readFloats(name).values(), name);
          }
          assertEquals(42, written.readFloats(TRAINED).values()[3]);
        }
      }
      assertEquals(
          Files.readString(start.resolve("config.json")),
          Files.readString(result.resolve("config.json")));
    }
  }

  /** The exporter finds the same model in the result as in what training began with. */
  @ParameterizedTest
  @EnumSource(ReleaseFormat.class)
  void isExported(ReleaseFormat format) throws IOException {
    Path start = TinyCheckpoint.TINY_A.copyTo(temporary);
    Path bundle = temporary.resolve("bundle");
    ModelExporter.export(ExportRequest.of(start, bundle), ExportListener.NONE);
    Path result = temporary.resolve("result");
    try (CheckpointWeights original = Checkpoints.open(start)) {
      FakeTrainableModel model = model(original);
      model.values(EMBEDDING)[0] = 5;
      ReleasedCheckpoint.write(
          result, ReleaseRequest.of(bundle).withFormat(format), model, ExportListener.NONE);
    }
    Path again = temporary.resolve("again");
    ModelExporter.export(ExportRequest.of(result, again), ExportListener.NONE);
    assertEquals(
        Bundle.open(bundle).manifest().architecture(),
        Bundle.open(again).manifest().architecture());
    assertEquals(
        Bundle.open(bundle).manifest().defaults(), Bundle.open(again).manifest().defaults());
    try (CheckpointWeights text = Checkpoints.open(again.resolve("text.safetensors"))) {
      assertEquals(5, text.readFloats(EMBEDDING).values()[0]);
    }
    for (String file : List.of("flow_head.safetensors", "vae.safetensors", "tokenizer.json")) {
      assertEquals(-1, Files.mismatch(bundle.resolve(file), again.resolve(file)), file);
    }
  }

  @ParameterizedTest
  @EnumSource(ReleaseFormat.class)
  void splitsFilesWithTheIndexThatTheOfficialCodeLooksFor(ReleaseFormat format) throws IOException {
    Path start = TinyCheckpoint.TINY_A.copyTo(temporary);
    Path result = temporary.resolve("result");
    try (CheckpointWeights original = Checkpoints.open(start)) {
      ReleasedCheckpoint.write(
          result,
          ReleaseRequest.of(start).withFormat(format).withShardBytes(1_000_000),
          original,
          ExportListener.NONE);
      String suffix = format == ReleaseFormat.TORCH ? ".bin" : ".safetensors";
      assertTrue(Files.exists(result.resolve("diffusion_pytorch_model" + suffix + ".index.json")));
      assertTrue(Files.exists(result.resolve("pytorch_model-00002-of-00003" + suffix)));
      try (CheckpointWeights written = Checkpoints.open(result)) {
        assertEquals(new TreeSet<>(original.names()), new TreeSet<>(written.names()));
        assertArrayEquals(
            original.readFloats(TRAINED).values(), written.readFloats(TRAINED).values());
      }
    }
  }

  @Test
  void sharesTheTiedMatrixInTorchsFormat() throws IOException {
    Path start = TinyCheckpoint.TINY_A.copyTo(temporary);
    Path result = temporary.resolve("result");
    try (CheckpointWeights original = Checkpoints.open(start)) {
      ReleasedCheckpoint.write(
          result,
          ReleaseRequest.of(start).withFormat(ReleaseFormat.TORCH),
          original,
          ExportListener.NONE);
    }
    try (CheckpointWeights written = Checkpoints.open(result)) {
      assertEquals(EMBEDDING, written.sharedWith(HEAD));
    }
  }

  /**
   * As the file of a run has the trained weights alone, a tied matrix perhaps by its second name.
   */
  @Test
  void takesWhatWasNotTrainedFromTheStart() throws IOException {
    Path start = TinyCheckpoint.TINY_A.copyTo(temporary);
    Path file = temporary.resolve("weights.safetensors");
    Path result = temporary.resolve("result");
    try (CheckpointWeights original = Checkpoints.open(start)) {
      float[] head = original.readFloats(HEAD).values();
      head[9] = 4;
      ComposedWeights trained = new ComposedWeights();
      trained.add(HEAD, original.shape(HEAD), Floats.source(head));
      trained.add(TRAINED, original.shape(TRAINED), Floats.source(new float[64 * 112]));
      Floats.write(file, trained);
      try (CheckpointWeights weights = Checkpoints.open(file)) {
        ReleasedCheckpoint.write(result, ReleaseRequest.of(start), weights, ExportListener.NONE);
      }
      try (CheckpointWeights written = Checkpoints.open(result)) {
        assertArrayEquals(head, written.readFloats(HEAD).values());
        assertArrayEquals(head, written.readFloats(EMBEDDING).values());
        assertArrayEquals(new float[64 * 112], written.readFloats(TRAINED).values());
        for (String name : original.names()) {
          if (!Set.of(HEAD, EMBEDDING, TRAINED).contains(name)) {
            assertArrayEquals(
                original.readFloats(name).values(), written.readFloats(name).values(), name);
          }
        }
      }
    }
  }

  @Test
  void writesMeansOfTrainedWeightsAlone() throws IOException {
    Path start = TinyCheckpoint.TINY_A.copyTo(temporary);
    Path result = temporary.resolve("result");
    try (CheckpointWeights original = Checkpoints.open(start)) {
      FakeTrainableModel model = model(original);
      ReleasedCheckpoint.write(
          result, ReleaseRequest.of(start), WeightViews.averagesOf(model), ExportListener.NONE);
      try (CheckpointWeights written = Checkpoints.open(result)) {
        assertEquals(model.values(TRAINED)[7] + 1, written.readFloats(TRAINED).values()[7]);
        assertArrayEquals(model.values(EMBEDDING), written.readFloats(EMBEDDING).values());
      }
    }
  }

  /** No call asks for more than a chunk, whatever the size of the weight. */
  @Test
  void readsWeightsInChunks() throws IOException {
    Shape large = Shape.of(3, 200_000);
    ComposedWeights source = new ComposedWeights();
    source.add(
        "large",
        large,
        sink -> {
          for (int i = 0; i < 3; i++) {
            sink.accept(ByteBuffer.allocate(800_000).order(ByteOrder.LITTLE_ENDIAN));
          }
        });
    FakeTrainableModel model =
        new FakeTrainableModel(source, List.of(new Weight("large", large, 0)));
    model.values("large")[599_999] = 3;
    assertEquals(3, WeightViews.of(model).readFloats("large").values()[599_999]);
    assertEquals(TensorSink.MAX_CHUNK_BYTES / Float.BYTES, model.largestRead());
  }

  @Test
  void refusesWeightsOfAnotherModel() throws IOException {
    Path start = TinyCheckpoint.TINY_A.copyTo(temporary);
    Path other = TinyCheckpoint.TINY_B.copyTo(temporary);
    Path result = temporary.resolve("result");
    try (CheckpointWeights weights = Checkpoints.open(other)) {
      String message =
          assertThrows(
                  InvalidRequestException.class,
                  () ->
                      ReleasedCheckpoint.write(
                          result, ReleaseRequest.of(start), weights, ExportListener.NONE))
              .getMessage();
      assertTrue(message.contains("expected [508, 64]"), message);
    }
    assertEquals(List.of("tiny-a", "tiny-b"), names(temporary));
  }

  @Test
  void refusesAModelWithAnAdapter() throws IOException {
    Path start = TinyCheckpoint.TINY_A.copyTo(temporary);
    ComposedWeights source = new ComposedWeights();
    source.add("x.lora_A.weight", Shape.of(0), sink -> {});
    FakeTrainableModel model =
        new FakeTrainableModel(source, List.of(new Weight("x.lora_A.weight", Shape.of(0), 0)));
    String message =
        assertThrows(
                InvalidRequestException.class,
                () ->
                    ReleasedCheckpoint.write(
                        temporary.resolve("result"),
                        ReleaseRequest.of(start),
                        model,
                        ExportListener.NONE))
            .getMessage();
    assertTrue(message.contains("export --lora"), message);
  }

  @Test
  void refusesTwoMatricesWhereTheModelHasOne() throws IOException {
    Path start = TinyCheckpoint.TINY_A.copyTo(temporary);
    try (CheckpointWeights original = Checkpoints.open(start)) {
      ComposedWeights trained = new ComposedWeights();
      trained.add(EMBEDDING, original, EMBEDDING);
      trained.add(HEAD, original.shape(HEAD), sink -> zeros(original.shape(HEAD), sink));
      String message =
          assertThrows(
                  InvalidRequestException.class,
                  () ->
                      ReleasedCheckpoint.write(
                          temporary.resolve("result"),
                          ReleaseRequest.of(start),
                          trained,
                          ExportListener.NONE))
              .getMessage();
      assertTrue(message.contains("one matrix"), message);
    }
  }

  @Test
  void leavesNothingWhenInterrupted() throws IOException {
    Path start = TinyCheckpoint.TINY_A.copyTo(temporary);
    try (CheckpointWeights original = Checkpoints.open(start)) {
      ExportListener interrupting =
          new ExportListener() {
            @Override
            public void progress(long done, long total) {
              Thread.currentThread().interrupt();
            }
          };
      assertThrows(
          CancelledException.class,
          () ->
              ReleasedCheckpoint.write(
                  temporary.resolve("result"), ReleaseRequest.of(start), original, interrupting));
      assertTrue(Thread.interrupted());
    }
    assertEquals(List.of("tiny-a"), names(temporary));
  }

  @Test
  void keepsAFolderThatIsInUse() throws IOException {
    Path start = TinyCheckpoint.TINY_A.copyTo(temporary);
    try (CheckpointWeights original = Checkpoints.open(start)) {
      assertThrows(
          FileAlreadyExistsException.class,
          () ->
              ReleasedCheckpoint.write(
                  start, ReleaseRequest.of(start), original, ExportListener.NONE));
    }
    assertTrue(Files.exists(start.resolve("pytorch_model.bin")));
  }

  /** A model of all weights, the tied matrix once, whose fusion is trained. */
  private static FakeTrainableModel model(CheckpointWeights source) {
    List<Weight> weights = new ArrayList<>();
    for (String name : source.names()) {
      if (!name.equals(HEAD) || !source.sameValues(EMBEDDING, HEAD)) {
        int group = name.startsWith("fusion_proj") ? 0 : -1;
        weights.add(new Weight(name, source.shape(name), group));
      }
    }
    return new FakeTrainableModel(source, weights);
  }

  private static void zeros(Shape shape, TensorSink sink) throws IOException {
    sink.accept(ByteBuffer.allocate((int) shape.elementCount() * Float.BYTES));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
