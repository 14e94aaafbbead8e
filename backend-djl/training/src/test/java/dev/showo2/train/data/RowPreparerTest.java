package dev.showo2.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.testing.Messages;
import dev.showo2.text.TextTokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Examples that are refused, and ones that are used but counted. */
class RowPreparerTest {

  private static final ExampleMedia IMAGE = ExampleMedia.of(DataFixture.image(9));

  @TempDir private static Path folder;
  private static TextTokenizer tokenizer;

  private final ProblemCounter notes = new ProblemCounter();

  @BeforeAll
  static void open() {
    tokenizer = ReferenceTokenizer.load(folder);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private FormattedRow row(Example example, RowLoader.Builder loader) {
    RowLoader built = loader.build();
    TrainingData data = TrainingData.builder(tokenizer, DataFixture.SIZES).add(built).build();
    return new RowPreparer(built, data, Optional.empty(), Optional.empty())
        .prepare(example, "here", new SeededChoice(1), notes, true)
        .row();
  }

  private FormattedRow row(Example example, RowKind kind) {
    return row(example, DataFixture.loader(List.of(example), kind).length(120));
  }

  private ExampleProblem problem(Example example, RowKind kind, String... parts) {
    BadExampleException bad = assertThrows(BadExampleException.class, () -> row(example, kind));
    for (String part : parts) {
      assertTrue(bad.getMessage().contains(part), bad.getMessage());
    }
    return bad.problem();
  }

  private static Example dialog(ExampleMedia visual, String... turns) {
    List<Example.Turn> list = new ArrayList<>();
    for (String turn : turns) {
      list.add(new Example.Turn(turn.startsWith("Q"), turn.substring(1)));
    }
    return new Example.Dialog(list, Optional.ofNullable(visual));
  }

  @Test
  void wrongDialogsAreRefused() {
    RowKind kind = RowKind.CONVERSATION;
    assertEquals(
        ExampleProblem.ANSWER_WITHOUT_QUESTION,
        problem(dialog(null, "Aanswer"), kind, "a question as turn 1"));
    assertEquals(
        ExampleProblem.ANSWER_WITHOUT_QUESTION,
        problem(dialog(null, "Qa", "Ab", "Ac"), kind, "turn 3"));
    assertEquals(
        ExampleProblem.MALFORMED, problem(dialog(null, "Qa", "Qb", "Ac"), kind, "an answer"));
    assertEquals(ExampleProblem.MALFORMED, problem(dialog(null, "Qa"), kind, "no answer"));
    assertEquals(ExampleProblem.MALFORMED, problem(dialog(null), kind, "no answer"));
    assertEquals(ExampleProblem.EMPTY_TEXT, problem(dialog(null, "Qa", "A \n"), kind, "answer 2"));
    assertEquals(
        ExampleProblem.IMAGE_MISMATCH,
        problem(dialog(null, "Q<image>\na", "Ab"), kind, "has no image"));
    assertEquals(
        ExampleProblem.IMAGE_MISMATCH,
        problem(dialog(IMAGE, "Q<image>\na", "Ab", "Q<image>", "Ac"), kind, "<image> in 2"));
    assertEquals(
        ExampleProblem.MALFORMED,
        problem(new Example.Captioned("a", IMAGE), kind, "Dialog", "Captioned"));
  }

  @Test
  void otherWrongExamplesAreRefused() {
    assertEquals(
        ExampleProblem.RESERVED_TOKEN,
        problem(new Example.Captioned("a <|image_pad|>", IMAGE), RowKind.CAPTION, "found 1"));
    assertEquals(
        ExampleProblem.EMPTY_TEXT,
        problem(new Example.Captioned("", IMAGE), RowKind.TEXT_TO_IMAGE, "as prompt"));
    assertEquals(
        ExampleProblem.IMAGE_MISMATCH,
        problem(
            new Example.Illustrated(List.of("a", "b"), List.of(IMAGE)),
            RowKind.INTERLEAVED,
            "2 captions and 1 images"));
    assertEquals(
        ExampleProblem.IMAGE_MISMATCH,
        problem(
            new Example.Illustrated(List.of(), List.of()), RowKind.INTERLEAVED, "at least one"));
    Example small = new Example.Captioned("a", IMAGE);
    BadExampleException bad =
        assertThrows(
            BadExampleException.class,
            () ->
                row(small, DataFixture.loader(List.of(small), RowKind.CAPTION).leastSize(41, 20)));
    assertEquals(ExampleProblem.TOO_SMALL, bad.problem());
    assertTrue(bad.getMessage().contains("41x20 pixels, found 40x40"), bad.getMessage());
  }

  @Test
  void whatIsNoFileIsRefusedUnread() {
    assertEquals(
        ExampleProblem.BROKEN_FILE,
        problem(
            new Example.Captioned("a", ExampleMedia.of(folder)),
            RowKind.CAPTION,
            "something else at " + folder));
  }

  @Test
  void anInterruptIsNoFaultOfAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("a.png"), "text");
    ExampleMedia.Reader reader =
        () -> {
          try (FileChannel channel = FileChannel.open(file)) {
            channel.read(ByteBuffer.allocate(1), 0);
          }
          return new byte[0];
        };
    Example example = new Example.Captioned("a", new ExampleMedia.OfBytes("a.png", reader));
    Thread.currentThread().interrupt();
    assertThrows(CancelledException.class, () -> row(example, RowKind.CAPTION));
    assertTrue(Thread.interrupted());
  }

  @Test
  void whatIsUsedAllTheSameIsCounted() {
    row(dialog(null, "Qa", "Ab", "Qand then"), RowKind.CONVERSATION);
    assertEquals(1, count(ExampleProblem.UNANSWERED));
    assertEquals(1, count(ExampleProblem.NO_IMAGE));
    row(new Example.Captioned("long ".repeat(50), IMAGE), RowKind.CAPTION);
    assertEquals(1, count(ExampleProblem.CUT));
    row(dialog(IMAGE, "Q<image>" + "why ".repeat(60), "Ab"), RowKind.CONVERSATION);
    assertEquals(2, count(ExampleProblem.CUT));
    assertEquals(1, count(ExampleProblem.NO_LABEL));
    row(new Example.Captioned("a", IMAGE), RowKind.TEXT_TO_IMAGE);
    assertEquals(1, count(ExampleProblem.NO_LABEL), "prompts never have labels");
  }

  private long count(ExampleProblem problem) {
    return notes.report().counts().getOrDefault(problem, 0L);
  }

  @Test
  void aVideoOfAConversationStandsForEitherPlaceholder() {
    ExampleMedia video = ExampleMedia.of(List.of(DataFixture.image(1), DataFixture.image(2)), 8);
    Example example = dialog(video, "Q<video>\nwhat", "Ab");
    FormattedRow row =
        row(example, DataFixture.loader(List.of(example), RowKind.VIDEO_CONVERSATION).frames(2));
    assertEquals(9, row.row().spans().get(0).length());
    assertEquals(1, row.cleanSpans());
  }

  @Test
  void rowsWithoutRoomAreRefused() {
    Example story = new Example.Illustrated(List.of("a"), List.of(IMAGE));
    Messages.assertFails(
        InvalidRequestException.class,
        () -> row(story, DataFixture.loader(List.of(story), RowKind.INTERLEAVED).length(50)),
        "interleaved: 4 images of 5 positions",
        "lengthen the rows");
    Messages.assertFails(
        InvalidRequestException.class,
        () -> row(story, DataFixture.loader(List.of(story), RowKind.CAPTION).length(8)),
        "caption: a row needs");
  }
}
