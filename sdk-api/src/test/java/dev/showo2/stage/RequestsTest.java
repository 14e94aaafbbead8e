package dev.showo2.stage;

import static dev.showo2.fake.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.error.InvalidRequestException;
import java.util.List;
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
        () -> new TextEmbeddingRequest(new int[0][]),
        "at least one row of at least one token id");
    assertFails(
        InvalidRequestException.class,
        () -> TextEmbeddingRequest.repeated(new int[0], 2),
        "at least one row of at least one token id");
    assertFails(
        InvalidRequestException.class,
        () -> new TextEmbeddingRequest(new int[][] {{1, 2}, {3}}),
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
        () -> new BackboneRequest(null, List.of(), Attention.FULL),
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
}
