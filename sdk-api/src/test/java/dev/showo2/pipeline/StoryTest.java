package dev.showo2.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.CancelledException;
import dev.showo2.pipeline.GeneratedStory.Finish;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.testing.FakeBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the parts of stories and the reasons why they end. */
class StoryTest {

  private static final int EOS = 492;
  private static final int BOI = 499;
  private static final String PROMPT = "a red circle";

  @TempDir static Path folder;
  private static PipelineFixture fixture;

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder, 4);
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Test
  void aStoryMayEndAtOnce() {
    FakeBackend backend = new FakeBackend().answering(EOS);
    GeneratedStory story = tell(backend, Stories.request(PROMPT));
    assertEquals(Finish.COMPLETE, story.finish());
    assertEquals("T", outline(story));
    assertEquals(List.of(""), story.texts());
    assertEquals(List.of(), story.images());
    assertEquals(0, backend.log().count("fusion"));
    assertEquals(0, backend.log().count("decode"));
  }

  @Test
  void aStoryMayNeverComeToAImage() {
    FakeBackend backend = new FakeBackend().answering(11, 12, 13);
    GeneratedStory story = tell(backend, Stories.request(PROMPT, 2));
    assertEquals(Finish.TEXT_LIMIT, story.finish());
    assertEquals("T", outline(story));
    assertEquals(2, backend.log().count("language"));
    assertEquals(0, backend.log().count("decode"));
  }

  @Test
  void textsSurroundAImage() {
    int[] said = fixture.tokenizer().encode("a 图 é");
    FakeBackend backend =
        new FakeBackend().answering(said).answering(BOI).answering(said).answering(EOS);
    GeneratedStory story = tell(backend, Stories.request(PROMPT));
    assertEquals(Finish.COMPLETE, story.finish());
    assertEquals("TPT", outline(story));
    assertEquals(List.of("a 图 é", "a 图 é"), story.texts());
    assertEquals(32, story.images().get(0).image().getWidth());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theStoryEndsWhereItWantsOneImageMore(int most) {
    FakeBackend backend = new FakeBackend().answering(BOI, BOI, BOI, BOI, BOI);
    GeneratedStory story = tell(backend, Stories.request(PROMPT).maxImages(most));
    assertEquals(Finish.IMAGE_LIMIT, story.finish());
    assertEquals("TP".repeat(most) + "T", outline(story));
    assertEquals(most, backend.log().count("decode"));
    assertEquals(most + 1, backend.log().count("language"));
  }

  @Test
  void theLimitOfImagesDoesNotCutTheLastText() {
    GeneratedStory story =
        tell(new FakeBackend().answering(BOI, 11, 12, EOS), Stories.request(PROMPT).maxImages(1));
    assertEquals(Finish.COMPLETE, story.finish());
    assertEquals("TPT", outline(story));
    assertEquals(3, ((StoryPart.Text) story.parts().get(2)).text().ids().length);
  }

  @Test
  void eachTextHasTheLimitToItself() {
    GeneratedStory story =
        tell(new FakeBackend().answering(11, BOI, 12, 13), Stories.request(PROMPT, 2));
    assertEquals(Finish.TEXT_LIMIT, story.finish());
    assertEquals("TPT", outline(story));
  }

  @Test
  void seedsCountOnFromImageToImage() {
    List<DenoisingStep> noise = new ArrayList<>();
    GeneratedStory story =
        new Story(fixture.model(new FakeBackend().answering(BOI, BOI, BOI, EOS)))
            .tell(Stories.request(PROMPT).seed(40).build(), Listeners.collecting(noise));
    assertEquals(40, story.seed());
    assertEquals(
        List.of(40L, 41L, 42L), story.images().stream().map(GeneratedImage::seed).toList());
    noise.removeIf(step -> step.index() > 0);
    for (int k = 0; k < 3; k++) {
      assertEquals(k, noise.get(k).imageIndex());
      assertArrayEquals(new TorchRandom(40 + k).normals(256), noise.get(k).latents().values());
      assertEquals("" + (40 + k), story.images().get(k).settings().entries().get("seed"));
      assertEquals(PROMPT, story.images().get(k).settings().entries().get("prompt"));
    }
  }

  @Test
  void aSeedOfItsOwnTellsTheStoryAgain() {
    GeneratedStory first = tell(backend(), Stories.request(PROMPT));
    GeneratedStory again = tell(backend(), Stories.request(PROMPT).seed(first.seed()));
    assertEquals(first.texts(), again.texts());
    assertEquals(
        first.images().stream().map(GeneratedImage::latents).toList(),
        again.images().stream().map(GeneratedImage::latents).toList());
  }

  @Test
  void aSeedThatWasChosenIsThatOfTheTextsToo() {
    StoryRequest request = StoryRequest.of(PROMPT);
    long seed = request.text().seed();
    assertEquals(OptionalLong.of(seed), request.options().seed());
    assertEquals(request, StoryRequest.builder(PROMPT).seed(seed).build());
    assertNotEquals(request, StoryRequest.of(PROMPT));
  }

  @Test
  void theListenerIsGivenTheImagesOfTheStory() {
    List<FinishedImage> finished = new ArrayList<>();
    GeneratedStory story =
        new Story(fixture.model(backend()))
            .tell(
                Stories.request(PROMPT).build(),
                new GenerationListener() {
                  @Override
                  public void image(FinishedImage image) {
                    finished.add(image);
                  }
                });
    assertEquals(2, finished.size());
    for (int k = 0; k < 2; k++) {
      assertSame(story.images().get(k).image(), finished.get(k).image());
      assertSame(story.images().get(k).latents(), finished.get(k).latents());
    }
  }

  @Test
  void cancelledAfterAImageItIsNotTakenIn() {
    FakeBackend backend = backend();
    Cancellation cancellation = new Cancellation();
    List<Integer> calls = new ArrayList<>();
    GenerationListener cancelling =
        new GenerationListener() {
          @Override
          public void image(FinishedImage image) {
            cancellation.cancel();
            calls.add(backend.log().calls().size());
          }
        };
    Story stories = new Story(fixture.model(backend));
    StoryRequest request = Stories.request(PROMPT).build();
    assertThrows(
        CancelledException.class, () -> stories.tell(request, cancellation.wrap(cancelling)));
    assertEquals(List.of(backend.log().calls().size()), calls);
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void everythingIsClosedWhateverFails() {
    fixture.assertNothingLeaks(
        StoryTest::backend, model -> new Story(model).tell(Stories.request(PROMPT).build()));
    fixture.assertNothingLeaks(
        StoryTest::backend,
        model ->
            new Story(model)
                .tell(Stories.request(PROMPT).guidanceScale(0).laterGuidanceScale(0).build()));
  }

  @Test
  void partsCannotBeChanged() {
    List<StoryPart> parts = new ArrayList<>();
    GeneratedStory story = new GeneratedStory(parts, Finish.COMPLETE, 1);
    parts.add(
        new StoryPart.Text(new GeneratedText("", new int[0], GeneratedText.Finish.MAX_TOKENS)));
    assertEquals(List.of(), story.parts());
    assertFalse(story.equals(new GeneratedStory(parts, Finish.COMPLETE, 1)));
  }

  /** Two images. */
  private static FakeBackend backend() {
    return new FakeBackend().answering(11, BOI, 12, BOI, 13, EOS);
  }

  private static GeneratedStory tell(FakeBackend backend, StoryRequest.Builder request) {
    GeneratedStory story = new Story(fixture.model(backend)).tell(request.build());
    assertEquals(0, backend.log().stillOpen());
    return story;
  }

  /** T for each text and P for each image. */
  private static String outline(GeneratedStory story) {
    StringBuilder outline = new StringBuilder();
    story.parts().forEach(part -> outline.append(part instanceof StoryPart.Text ? "T" : "P"));
    return outline.toString();
  }
}
