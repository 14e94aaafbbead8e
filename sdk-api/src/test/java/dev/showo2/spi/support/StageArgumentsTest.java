package dev.showo2.spi.support;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.FakeBundle;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Arguments in the sizes of the fake bundle: D = 8, H = 4, C = 16, V = 508, 2x2 tokens. */
class StageArgumentsTest {

  private final BackendLifetime lifetime = new BackendLifetime("toy");
  private final StageArguments<HostBackedTensor, TestCache> arguments = arguments(4);

  private StageArguments<HostBackedTensor, TestCache> arguments(int positions) {
    return new StageArguments<>(
        FakeBundle.architecture(positions), lifetime, HostBackedTensor.class, TestCache.class);
  }

  private HostBackedTensor tensor(long... shape) {
    return new HostBackedTensor(lifetime, HostTensor.zeros(Shape.of(shape)));
  }

  private TestCache cache(Stage stage, int batch) {
    return new TestCache(lifetime, stage, batch, 0);
  }

  private static void refused(Executable call, String message) {
    assertFails(IllegalArgumentException.class, call, message);
  }

  @Test
  void idsComeRowByRow() {
    TextEmbeddingRequest request = TextEmbeddingRequest.of(new int[][] {{0, 507}, {3, 4}});
    assertArrayEquals(new int[] {0, 507, 3, 4}, arguments.textEmbedding(request));
  }

  @Test
  void idsOutsideTheVocabularyAreRefused() {
    for (int id : new int[] {508, -1}) {
      TextEmbeddingRequest request = TextEmbeddingRequest.repeated(new int[] {0, id}, 1);
      assertFails(
          InvalidRequestException.class,
          () -> arguments.textEmbedding(request),
          "token ids go from 0 to 507, found " + id);
    }
  }

  @Test
  void latentsGiveTheirGrid() {
    HostBackedTensor latents = tensor(2, 16, 3, 4, 8);
    TokenGrid resized = new TokenGrid(1, 1);
    StageArguments.FusionArguments<HostBackedTensor> checked =
        arguments(9).fusion(FusionRequest.of(latents, Optional.of(resized)));
    assertSame(latents, checked.latents());
    assertEquals(2, checked.batch());
    assertEquals(3, checked.frames());
    assertEquals(new TokenGrid(2, 4), checked.tokens());
    assertEquals(Optional.of(resized), checked.resized());
  }

  @Test
  void latentsOfOtherShapesAreRefused() {
    refusedLatents("latents [B, 16, T, h, w] is needed, found [1, 15, 1, 4, 4]", 1, 15, 1, 4, 4);
    refusedLatents("latents [B, 16, T, h, w] is needed, found [16, 1, 4, 4]", 16, 1, 4, 4);
    refusedLatents("latents [B, 16, T, h, w] is needed", 1, 16, 0, 4, 4);
    refusedLatents(
        "latents [B, 16, T, h, w] with height and width in multiples of 2 is needed, found"
            + " [1, 16, 1, 4, 3]",
        1,
        16,
        1,
        4,
        3);
    refusedLatents("multiples of 2", 1, 16, 1, 3, 4);
    refusedLatents(
        "latents: this checkpoint has positions for 2x2 tokens only, found 2x3", 1, 16, 1, 4, 6);
  }

  private void refusedLatents(String message, long... shape) {
    FusionRequest request = FusionRequest.of(tensor(shape));
    refused(() -> arguments.fusion(request), message);
  }

  @Test
  void segmentsGiveTheirSizes() {
    TestCache cache = cache(Stage.BACKBONE, 2);
    List<Tensor> parts = List.of(tensor(2, 1, 8), tensor(2, 5, 8));
    StageArguments.BackboneArguments<HostBackedTensor, TestCache> checked =
        arguments.backbone(BackboneRequest.of(cache, parts, Attention.FULL));
    assertSame(cache, checked.cache());
    assertEquals(parts, checked.parts());
    assertEquals(2, checked.batch());
    assertEquals(6, checked.length());
    assertEquals(Attention.FULL, checked.attention());
  }

  @Test
  void segmentsOfOtherShapesAreRefused() {
    refusedSegment("embeddings [B, S, 8] is needed, found [1, 2, 9]", tensor(1, 2, 9));
    refusedSegment("embeddings [B, S, 8] is needed, found [2, 8]", tensor(2, 8));
    refusedSegment("embeddings [B, S, 8] is needed, found [1, 0, 8]", tensor(1, 0, 8));
    refusedSegment(
        "embeddings [1, S, 8] is needed, found [2, 2, 8]", tensor(1, 2, 8), tensor(2, 2, 8));
  }

  private void refusedSegment(String message, Tensor... parts) {
    BackboneRequest request =
        BackboneRequest.of(cache(Stage.BACKBONE, 1), List.of(parts), Attention.CAUSAL);
    refused(() -> arguments.backbone(request), message);
  }

  @Test
  void cachesOfOthersAreRefused() {
    BackendLifetime other = new BackendLifetime("toy");
    refusedCache("made by another stage", cache(Stage.FLOW_HEAD, 1));
    refusedCache("made by another stage", new TestCache(other, Stage.BACKBONE, 1, 0));
    refusedCache("the cache holds 2 sequences, the segment 1", cache(Stage.BACKBONE, 2));
    TestCache closed = cache(Stage.BACKBONE, 1);
    closed.close();
    assertFails(
        IllegalStateException.class,
        () -> arguments.backbone(segment(closed)),
        "the KV cache of stage backbone is closed");
  }

  private BackboneRequest segment(TestCache cache) {
    return BackboneRequest.of(cache, List.of(tensor(1, 2, 8)), Attention.CAUSAL);
  }

  private void refusedCache(String message, TestCache cache) {
    BackboneRequest request = segment(cache);
    refused(() -> arguments.backbone(request), message);
  }

  @Test
  void tensorsOfOthersAreRefused() {
    HostBackedTensor foreign =
        new HostBackedTensor(new BackendLifetime("toy"), HostTensor.zeros(Shape.of(1, 2, 8)));
    LanguageHeadRequest request = LanguageHeadRequest.last(foreign);
    refused(
        () -> arguments.languageHead(request),
        "hidden [B, S, 8]: a tensor of this backend is needed; upload the values of"
            + " HostBackedTensor[1, 2, 8] first");
    HostBackedTensor closed = tensor(1, 2, 8);
    closed.close();
    assertFails(
        IllegalStateException.class,
        () -> arguments.languageHead(LanguageHeadRequest.last(closed)),
        "the tensor [1, 2, 8] is closed");
  }

  @Test
  void theLastPositionAloneOrAll() {
    HostBackedTensor hidden = tensor(2, 5, 8);
    assertEquals(
        new StageArguments.LanguageHeadArguments<>(hidden, 2, 5, 4),
        arguments.languageHead(LanguageHeadRequest.of(hidden, true)));
    assertEquals(
        new StageArguments.LanguageHeadArguments<>(hidden, 2, 5, 0),
        arguments.languageHead(LanguageHeadRequest.of(hidden, false)));
  }

  @Test
  void spansGiveTheirTime() {
    TestCache cache = cache(Stage.FLOW_HEAD, 2);
    HostBackedTensor hidden = tensor(2, 5, 8);
    HostBackedTensor time = tensor(2, 4);
    assertEquals(
        new StageArguments.FlowHeadArguments<>(
            cache, hidden, Optional.of(time), 2, 5, Attention.FULL),
        arguments.velocity(FlowHeadRequest.span(cache, hidden, time)));
    assertEquals(
        new StageArguments.FlowHeadArguments<>(
            cache, hidden, Optional.empty(), 2, 5, Attention.CAUSAL),
        arguments.append(FlowHeadRequest.text(cache, hidden)));
  }

  @Test
  void spansOfOtherShapesAreRefused() {
    TestCache cache = cache(Stage.FLOW_HEAD, 2);
    HostBackedTensor hidden = tensor(2, 5, 8);
    refused(
        () -> arguments.velocity(FlowHeadRequest.span(cache, hidden, tensor(1, 4))),
        "time [2, 4] is needed, found [1, 4]");
    refused(
        () -> arguments.velocity(FlowHeadRequest.span(cache, hidden, tensor(2, 8))),
        "time [2, 4] is needed, found [2, 8]");
    refused(
        () -> arguments.velocity(FlowHeadRequest.span(cache, tensor(2, 1, 8), tensor(2, 4))),
        "hidden: a time token and at least one image token are needed, found [2, 1, 8]");
    refused(
        () -> arguments.append(FlowHeadRequest.text(cache, tensor(2, 1, 4))),
        "hidden [B, S, 8] is needed, found [2, 1, 4]");
    refused(
        () -> arguments.append(FlowHeadRequest.text(cache(Stage.BACKBONE, 2), tensor(2, 1, 8))),
        "the cache was made by another stage");
  }

  @Test
  void imagesHaveOneFrame() {
    HostBackedTensor pixels = tensor(2, 3, 1, 16, 8);
    assertSame(pixels, arguments.imagePixels(pixels));
    HostBackedTensor latents = tensor(2, 16, 1, 3, 1);
    assertSame(latents, arguments.imageLatents(latents));
    refused(
        () -> arguments.imagePixels(tensor(2, 3, 4, 16, 8)),
        "pixels [B, 3, 1, H, W] is needed, found [2, 3, 4, 16, 8]");
    refused(() -> arguments.imagePixels(tensor(2, 3, 1, 16, 9)), "multiples of 8");
    refused(
        () -> arguments.imageLatents(tensor(2, 16, 2, 3, 1)),
        "latents [B, 16, 1, h, w] is needed, found [2, 16, 2, 3, 1]");
  }

  @Test
  void uploadsHaveAsManyValuesAsTheirShape() {
    StageArguments.checkUpload(FloatBuffer.allocate(3), Shape.of(2));
    refused(
        () -> StageArguments.checkUpload(FloatBuffer.allocate(3), Shape.of(2, 2)),
        "[2, 2] needs 4 values, the buffer has 3");
    refused(
        () -> StageArguments.checkUpload(FloatBuffer.allocate(3), Shape.of(2, 0)),
        "a shape with values is needed, found [2, 0]");
  }
}
