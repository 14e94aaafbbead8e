package dev.showo2.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.testing.FakeBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks the calls for texts and images: once before text, and once before images. 491 is bos, 492
 * eos, 499 boi and 500 eoi; an image has four tokens and its time.
 */
class StoryCallsTest {

  private static final String PROMPT = "a red circle";

  @TempDir static Path folder;
  private static PipelineFixture fixture;

  /** The prompt's ids. */
  private static int[] prompt;

  /** Positions of the prompt and bos. */
  private static int start;

  private final FakeBackend backend = new FakeBackend();

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder, 4);
    prompt = fixture.tokenizer().encode(PROMPT);
    start = prompt.length + 1;
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Test
  void aStoryOfOneImageCallByCall() {
    tell(Stories.request(PROMPT).guidanceScale(0).laterGuidanceScale(0).steps(2), 11, 499, 492);
    int told = start + 2;
    assertEquals(
        List.of(
            "backbone cache",
            "backbone cache",
            "flow cache",
            // The first text: all but its last token precede the next one.
            "text " + start,
            "backbone append CAUSAL 0+" + start,
            "language last of " + start,
            "text 1",
            "backbone append CAUSAL " + start + "+1",
            "language last of 1",
            // All of it before the image, and its last token before text.
            "text " + start,
            "text 2",
            "backbone append CAUSAL 0+" + told,
            "flow append CAUSAL 0+" + told,
            "text 1",
            "backbone append CAUSAL " + (start + 1) + "+1",
            // One step of the image.
            "fusion [1, 16, 1, 4, 4]",
            "time 0.0",
            "backbone evaluate FULL " + told + "+5",
            "flow velocity FULL " + told + "+5",
            "decode [1, 16, 1, 4, 4]",
            // The finished image before the next one, at the time of data.
            "fusion [1, 16, 1, 4, 4]",
            "time 1.0",
            "backbone append FULL " + told + "+5",
            "time 1.0",
            "flow append modulated FULL " + told + "+5",
            // And before text, at the time of noise.
            "time 0.0",
            "backbone append FULL " + told + "+5",
            // The second text.
            "text 1",
            "backbone append CAUSAL " + (told + 5) + "+1",
            "language last of 1"),
        stages());
  }

  @Test
  void tokensAreThoseOfTheStory() {
    tell(Stories.request(PROMPT).guidanceScale(0).laterGuidanceScale(0), 11, 499, 12, 499, 492);
    int[] begun = IntStream.concat(IntStream.of(491), Arrays.stream(prompt)).toArray();
    int[][] expected = {
      begun, {11}, begun, {11, 499}, {499}, {500}, {12}, {500}, {12, 499}, {499}, {500}
    };
    assertEquals(expected.length, backend.texts().size());
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], backend.texts().get(i), "text " + i);
    }
  }

  /** Eoi and the text in between follow the first image's five positions. */
  @Test
  void aLaterImageHasAllBeforeItInView() {
    tell(
        Stories.request(PROMPT).guidanceScale(0).laterGuidanceScale(0).steps(2),
        11,
        499,
        12,
        13,
        499,
        499,
        492);
    int first = start + 2;
    int second = first + 5 + 1 + 3;
    int third = second + 5 + 1 + 1;
    assertEquals(
        List.of(
            "backbone evaluate FULL " + first + "+5",
            "backbone evaluate FULL " + second + "+5",
            "backbone evaluate FULL " + third + "+5"),
        backend.log().calls("backbone evaluate"));
    assertEquals(
        List.of(
            "flow append CAUSAL 0+" + first,
            "flow append modulated FULL " + first + "+5",
            "flow append CAUSAL " + (first + 5) + "+4",
            "flow append modulated FULL " + second + "+5",
            "flow append CAUSAL " + (second + 5) + "+2",
            "flow append modulated FULL " + third + "+5"),
        backend.log().calls("flow append"));
  }

  @Test
  void aImageIsFusedOnceForBothSides() {
    tell(Stories.request(PROMPT).steps(2), 499, 499, 492);
    // One evaluation each, and once when it is finished.
    assertEquals(4, backend.log().count("fusion"));
    assertEquals(0, backend.log().count("encode"));
  }

  @Test
  void anEmptyPromptIsAllowed() {
    tell(Stories.request(""), 499, 492);
    assertArrayEquals(new int[] {491}, backend.texts().get(1));
  }

  private void tell(StoryRequest.Builder request, int... answer) {
    new Story(fixture.model(backend.answering(answer))).tell(request.build());
    assertEquals(0, backend.log().stillOpen());
  }

  /** Without the transfers. */
  private List<String> stages() {
    return backend.log().calls().stream()
        .filter(call -> !call.startsWith("upload") && !call.startsWith("read"))
        .toList();
  }
}
