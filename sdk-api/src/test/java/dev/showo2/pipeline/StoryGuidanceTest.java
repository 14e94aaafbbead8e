package dev.showo2.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.sampler.TorchRandom;
import dev.showo2.testing.FakeBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stories of three images in two steps each; the first may be guided otherwise than the rest. */
class StoryGuidanceTest {

  private static final String PROMPT = "a red circle";

  @TempDir static Path folder;
  private static PipelineFixture fixture;

  private final FakeBackend backend = new FakeBackend().answering(499, 499, 499, 492);

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder, 4);
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource({"5, 5, 6", "5, 0, 2", "0, 5, 4", "5, 1, 2", "1, 0.5, 4", "1.5, 0.5, 6"})
  void theUnconditionalBranchIsMadeOnceAndRunsWhereItIsNeeded(
      float first, float later, int evaluations) {
    tell(request().guidanceScale(first).laterGuidanceScale(later));
    assertEquals(evaluations, backend.log().count("backbone evaluate FULL 2+5"));
    assertEquals(1, backend.log().count("backbone append CAUSAL 0+2"));
    assertEquals(3, backend.log().count("backbone cache"));
    assertEquals(2, backend.log().count("flow cache"));
    assertArrayEquals(new int[] {491, 499}, backend.texts().get(0));
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 1", "1, 1, 1", "0, 1, 1", "5, 5, 0"})
  void withoutGuidanceThereIsNone(float first, float later, float end) {
    tell(request().guidanceScale(first).laterGuidanceScale(later).guidanceEnd(end));
    assertEquals(0, backend.log().count("backbone append CAUSAL 0+2"));
    assertEquals(2, backend.log().count("backbone cache"));
    assertEquals(6, backend.log().count("backbone evaluate"));
  }

  @Test
  void laterImagesHaveAScaleOfTheirOwn() {
    GeneratedStory story = tell(request().guidanceScale(3).laterGuidanceScale(0.5f).seed(7));
    int first = fixture.tokenizer().encode(PROMPT).length + 2;
    // An image, eoi and boi are between one image and the next.
    assertMoved(7, 2 + 3 * (first - 2), story.images().get(0));
    assertMoved(8, 2 + 0.5f * (first + 7 - 2), story.images().get(1));
    assertMoved(9, 2 + 0.5f * (first + 14 - 2), story.images().get(2));
    assertEquals(
        List.of("3.0", "0.5", "0.5"),
        story.images().stream()
            .map(image -> image.settings().entries().get("guidance_scale"))
            .toList());
  }

  @Test
  void guidanceEndsInEachImage() {
    tell(request().guidanceScale(3).laterGuidanceScale(2).guidanceEnd(0.5f));
    assertEquals(3, backend.log().count("backbone evaluate FULL 2+5"));
    assertEquals(9, backend.log().count("backbone evaluate"));
  }

  /** Whichever of the images are guided. */
  @ParameterizedTest
  @CsvSource({"5, 5", "5, 0", "0, 5"})
  void theNegativePromptStandsInTheUnconditionalBranch(float first, float later) {
    tell(request().guidanceScale(first).laterGuidanceScale(later).negativePrompt("blue"));
    IntStream.Builder ids = IntStream.builder().add(491);
    IntStream.of(fixture.tokenizer().encode("blue")).forEach(ids::add);
    assertArrayEquals(ids.add(499).build().toArray(), backend.texts().get(0));
  }

  /** Velocities are the lengths of what came before, and flows take one unit of time. */
  private static void assertMoved(long seed, float distance, GeneratedImage image) {
    float[] noise = new TorchRandom(seed).normals(256);
    for (int i = 0; i < noise.length; i++) {
      assertEquals(noise[i] + distance, image.latents().values()[i], 1e-4f);
    }
  }

  private static StoryRequest.Builder request() {
    return Stories.request(PROMPT).steps(3);
  }

  private GeneratedStory tell(StoryRequest.Builder request) {
    GeneratedStory story = new Story(fixture.model(backend)).tell(request.build());
    assertEquals(3, story.images().size());
    assertEquals(0, backend.log().stillOpen());
    return story;
  }
}
