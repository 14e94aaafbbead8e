package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.sequence.internal.SequenceLayout;
import dev.showo2.stage.Stage;
import dev.showo2.testing.FakeBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTest {

  private static final int EOS = 492;

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
  void talksInTheLayoutOfAQuestionOnNothing() {
    FakeBackend backend = new FakeBackend().answering(11, EOS);
    LoadedModel model = fixture.model(backend);
    assertArrayEquals(new int[] {11, EOS}, new Chat(model).ask("你好!").ids());
    assertArrayEquals(sequence(model.layout(), "你好!"), backend.texts().get(0));
    assertEquals(2, backend.log().count("backbone append CAUSAL"));
    assertEquals(0, backend.log().count("backbone append FULL"));
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void theSystemMaySaySomethingElse() {
    FakeBackend backend = new FakeBackend().answering(EOS);
    LoadedModel model = fixture.model(backend);
    ConversationOptions options = ConversationOptions.builder().system("Be brief.").build();
    try (Conversation conversation = new Chat(model).open(options)) {
      conversation.ask("x");
    }
    assertArrayEquals(sequence(model.layout("Be brief."), "x"), backend.texts().get(0));
  }

  @Test
  void needsNothingThatSees() {
    FakeBackend backend =
        new FakeBackend()
            .answering(EOS)
            .without(Stage.VAE_IMAGE_ENCODER)
            .without(Stage.FUSION)
            .without(Stage.TIME_EMBEDDING)
            .without(Stage.FLOW_HEAD);
    assertEquals("", new Chat(fixture.model(backend)).ask("x").text());
    FakeBackend mute = new FakeBackend().without(Stage.LANGUAGE_HEAD);
    assertFails(
        UnsupportedFeatureException.class,
        () -> new Chat(fixture.model(mute)).ask("x"),
        "cannot do chat with this bundle: it lacks language_head;");
    assertEquals(List.of(), mute.log().calls());
  }

  @Test
  void refusesWhatTheSystemCannotSay() {
    Chat chat = new Chat(fixture.model(new FakeBackend()));
    assertFails(
        InvalidRequestException.class,
        () -> ConversationOptions.builder().system(null).build(),
        "system: text is needed, found null");
    ConversationOptions endless = ConversationOptions.builder().system("x".repeat(4097)).build();
    assertFails(
        InvalidRequestException.class,
        () -> chat.open(endless),
        "system: up to 4096 tokens are taken, found 4097; shorten it");
  }

  private static int[] sequence(SequenceLayout layout, String question) {
    return Stream.of(
            layout.opening(),
            fixture.tokenizer().encode(question),
            fixture.tokenizer().encode("\n<|im_start|>assistant\n"))
        .flatMapToInt(IntStream::of)
        .toArray();
  }
}
