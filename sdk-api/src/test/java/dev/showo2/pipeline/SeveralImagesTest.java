package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.FakeBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several images of one prompt, and images of several prompts. */
class SeveralImagesTest {

  @TempDir static Path folder;
  private static PipelineFixture fixture;

  private final FakeBackend backend = new FakeBackend();
  private final List<String> events = new ArrayList<>();

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder, 4);
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 0, -2, Long.MAX_VALUE - 1, Long.MAX_VALUE})
  void seedsCountOn(long seed) {
    TextToImageRequest request =
        TextToImageRequest.builder("a").seed(seed).steps(9).size(32, 16).build();
    List<TextToImageRequest> images = request.images(3);
    assertEquals(
        List.of(seed, seed + 1, seed + 2),
        images.stream().map(image -> image.options().seed().orElseThrow()).toList());
    for (TextToImageRequest image : images) {
      assertEquals(request.options(), image.options().withSeed(seed));
      assertEquals(request.width(), image.width());
      assertEquals(request.height(), image.height());
      assertEquals("a", image.prompt());
    }
  }

  @Test
  void withoutASeedOneIsChosenToCountOnFrom() {
    List<TextToImageRequest> images = TextToImageRequest.of("a").images(2);
    long first = images.get(0).options().seed().orElseThrow();
    assertTrue(first >= 0 && first < 1L << 32, "seed " + first);
    assertEquals(OptionalLong.of(first + 1), images.get(1).options().seed());
  }

  @Test
  void countsThatAreNone() {
    TextToImageRequest request = TextToImageRequest.of("a");
    for (int count : new int[] {0, -1, Integer.MIN_VALUE}) {
      assertFails(
          InvalidRequestException.class,
          () -> request.images(count),
          "images: at least 1 is needed, found " + count);
    }
  }

  @Test
  void theSameLatentsWouldGiveTheSameImages() {
    HostTensor latents = new HostTensor(Shape.of(1, 16, 1, 4, 4), new float[256]);
    TextToImageRequest request = TextToImageRequest.builder("a").initialLatents(latents).build();
    assertFails(
        InvalidRequestException.class,
        () -> request.images(2),
        "images: 2 images from the same initial latents would be the same; leave");
    assertSame(latents, request.images(1).get(0).options().initialLatents().orElseThrow());
  }

  @Test
  void eachIsAsIfDrawnAlone() {
    List<TextToImageRequest> requests = new ArrayList<>();
    requests.addAll(TextToImageRequest.builder("a").seed(3).build().images(2));
    requests.add(TextToImageRequest.builder("a red circle").seed(3).guidanceScale(0).build());
    List<GeneratedImage> together = images().generateAll(requests, GenerationListener.NONE);
    assertEquals(3, together.size());
    for (int i = 0; i < 3; i++) {
      GeneratedImage alone = images().generate(requests.get(i));
      assertEquals(alone.latents(), together.get(i).latents());
      assertEquals(alone.seed(), together.get(i).seed());
      assertEquals(alone.settings(), together.get(i).settings());
    }
  }

  @Test
  void theListenerIsGivenEachImageAsItIsDone() {
    List<FinishedImage> finished = new ArrayList<>();
    List<Integer> decoded = new ArrayList<>();
    List<GeneratedImage> all =
        images()
            .generateAll(
                TextToImageRequest.of("a").images(3),
                new GenerationListener() {
                  @Override
                  public void image(FinishedImage image) {
                    finished.add(image);
                    decoded.add(backend.log().count("decode"));
                  }
                });
    assertEquals(List.of(1, 2, 3), decoded);
    for (int i = 0; i < 3; i++) {
      assertEquals(i, finished.get(i).index());
      assertSame(all.get(i).image(), finished.get(i).image());
      assertSame(all.get(i).latents(), finished.get(i).latents());
    }
  }

  @Test
  void oneBadRequestAmongGoodOnesAndNothingIsDrawn() {
    TextToImageRequest good = TextToImageRequest.of("a");
    TextToImageRequest large = TextToImageRequest.builder("a").size(48, 32).build();
    assertFails(
        InvalidRequestException.class,
        () -> draw(good, large, good),
        "requests[1]: size: this model generates images of 32x32 pixels only, found 48x32");
    assertFails(
        InvalidRequestException.class,
        () -> draw(good, good, TextToImageRequest.of("one two three four five six seven")),
        "requests[2]: prompt: this model takes up to");
    assertFails(NullPointerException.class, () -> draw(good, null), "requests[1]");
    assertEquals(List.of(), events);
    assertEquals(List.of(), backend.log().calls());
  }

  @Test
  void noRequestAtAll() {
    assertFails(
        InvalidRequestException.class,
        () -> draw(),
        "requests: at least one is needed, found none");
    assertEquals(List.of(), events);
  }

  @Test
  void everythingIsClosedWhateverFails() {
    fixture.assertNothingLeaks(
        FakeBackend::new,
        model ->
            new TextToImage(model)
                .generateAll(TextToImageRequest.of("a").images(2), GenerationListener.NONE));
  }

  private void draw(TextToImageRequest... requests) {
    images().generateAll(Arrays.asList(requests), Listeners.recording(events, 0));
  }

  private TextToImage images() {
    return new TextToImage(fixture.model(backend));
  }
}
