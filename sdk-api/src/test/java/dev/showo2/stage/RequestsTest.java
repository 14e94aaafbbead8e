package dev.showo2.stage;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.tensor.Tensor;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RequestsTest {

  @Test
  void repeatsRowsForTheBatch() {
    int[][] ids = TextEmbeddingRequest.repeated(new int[] {1, 2}, 3).ids();
    assertEquals(3, ids.length);
    assertArrayEquals(new int[] {1, 2}, ids[2]);
    assertArrayEquals(new float[] {0.5f, 0.5f}, TimeEmbeddingRequest.repeated(0.5f, 2).times());
  }

  @Test
  void refusesIdsThatAreNoBatch() {
    assertFails(
        InvalidRequestException.class,
        () -> TextEmbeddingRequest.of(new int[0][]),
        "at least one row of at least one token id");
    assertFails(
        InvalidRequestException.class,
        () -> TextEmbeddingRequest.repeated(new int[0], 2),
        "at least one row of at least one token id");
    assertFails(
        InvalidRequestException.class,
        () -> TextEmbeddingRequest.of(new int[][] {{1, 2}, {3}}),
        "rows of one length are needed, found [2, 1]");
  }

  @Test
  void refusesTimesThatAreNone() {
    assertFails(
        InvalidRequestException.class,
        () -> TimeEmbeddingRequest.repeated(0, 0),
        "times: at least one is needed");
    assertFails(
        InvalidRequestException.class,
        () -> TimeEmbeddingRequest.repeated(Float.NaN, 1),
        "times: finite numbers are needed, found NaN");
  }

  @Test
  void namesTheArgumentThatIsNull() {
    assertFails(
        NullPointerException.class,
        () -> BackboneRequest.of(null, List.of(), Attention.FULL),
        "cache");
    assertFails(NullPointerException.class, () -> FlowHeadRequest.text(null, null), "cache");
    assertFails(NullPointerException.class, () -> FusionRequest.of(null), "latents");
    assertFails(NullPointerException.class, () -> LanguageHeadRequest.last(null), "hidden");
  }

  @Test
  void gridsHaveTokens() {
    assertEquals(6, new TokenGrid(2, 3).tokens());
    assertFails(IllegalArgumentException.class, () -> new TokenGrid(0, 3), "got 0x3");
  }

  @Test
  void stagesHaveIds() {
    assertEquals("vae_image_decoder", Stage.VAE_IMAGE_DECODER.id());
  }

  @Test
  void cachesAreAskedForWithOrWithoutALength() {
    assertEquals(2, CacheRequest.of(2).batch());
    assertEquals(OptionalInt.empty(), CacheRequest.of(2).expectedPositions());
    CacheRequest request = CacheRequest.builder(1).expectedPositions(30).build();
    assertEquals(OptionalInt.of(30), request.expectedPositions());
    assertEquals(request, request.toBuilder().build());
    assertNotEquals(request, CacheRequest.of(1));
    assertEquals("batch=1, expectedPositions=30", request.toString());
    assertFails(
        IllegalArgumentException.class,
        () -> CacheRequest.builder(1).expectedPositions(0),
        "expectedPositions: at least 1");
  }

  @Test
  void streamsAreAskedForWithHints() {
    VaeStreamRequest none = VaeStreamRequest.unspecified();
    assertEquals(OptionalInt.empty(), none.batch());
    VaeStreamRequest request =
        VaeStreamRequest.builder().batch(1).size(432, 768).frames(17).build();
    assertEquals("batch=1, height=432, width=768, frames=17", request.toString());
    assertEquals(request, request.toBuilder().build());
    assertNotEquals(none, request);
    assertFails(
        IllegalArgumentException.class,
        () -> VaeStreamRequest.builder().size(8, 0),
        "width: at least 1");
    assertFails(
        IllegalArgumentException.class, () -> VaeStreamRequest.builder().frames(0), "frames");
  }

  @Test
  void severalRequestsFailTogetherAndLeaveNothingOpen() {
    List<String> closed = new ArrayList<>();
    assertFails(
        IllegalStateException.class,
        () ->
            EachRequest.run(
                List.of("a", "b", "c"),
                name -> {
                  if (name.equals("c")) {
                    throw new IllegalStateException("told to fail");
                  }
                  return (Tensor)
                      Proxy.newProxyInstance(
                          Tensor.class.getClassLoader(),
                          new Class<?>[] {Tensor.class},
                          (proxy, method, arguments) -> {
                            closed.add(name);
                            return null;
                          });
                }),
        "told to fail");
    assertEquals(List.of("a", "b"), closed);
  }
}
