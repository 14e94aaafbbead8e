package dev.showo2.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.pipeline.internal.AsyncRequests;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.testing.FakeBackend;
import dev.showo2.text.ControlTokens;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms that return a future, on an executor that the test drives by hand. */
class AsyncFormsTest {

  @TempDir static Path folder;
  private static PipelineFixture fixture;

  private final Queue<Runnable> waiting = new ArrayDeque<>();

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder, 4);
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  /** The requests of {@link EachTask} once more. */
  enum Form {
    TEXT_TO_IMAGE(
        EachTask.TEXT_TO_IMAGE,
        (model, listener) ->
            new TextToImage(model)
                .generateAsync(TextToImageRequest.builder("a").steps(3).build(), listener)),
    SEVERAL_IMAGES(
        EachTask.SEVERAL_IMAGES,
        (model, listener) ->
            new TextToImage(model)
                .generateAllAsync(
                    List.of(
                        TextToImageRequest.builder("a").steps(3).build(),
                        TextToImageRequest.builder("b").steps(3).build()),
                    listener)),
    IMAGE_TO_IMAGE(
        EachTask.IMAGE_TO_IMAGE,
        (model, listener) ->
            new ImageToImage(model)
                .generateAsync(
                    ImageToImageRequest.builder(image(), "a").strength(1).steps(3).build(),
                    listener)),
    TEXT_TO_VIDEO(
        EachTask.TEXT_TO_VIDEO,
        (model, listener) ->
            new TextToVideo(model)
                .generateAsync(
                    TextToVideoRequest.builder("a").steps(3).build(),
                    (index, frame) -> {},
                    listener)),
    IMAGE_TO_VIDEO(
        EachTask.IMAGE_TO_VIDEO,
        (model, listener) ->
            new ImageToVideo(model)
                .generateAsync(
                    ImageToVideoRequest.builder(image(), "a").steps(3).build(),
                    (index, frame) -> {},
                    listener)),
    IMAGE_UNDERSTANDING(
        EachTask.IMAGE_UNDERSTANDING,
        (model, listener) ->
            new ImageUnderstanding(model)
                .askAsync(ImageUnderstandingRequest.of(image(), "a"), listener)),
    VIDEO_UNDERSTANDING(
        EachTask.VIDEO_UNDERSTANDING,
        (model, listener) ->
            new VideoUnderstanding(model)
                .askAsync(
                    VideoUnderstandingRequest.builder(List.of(image(), image()), "a")
                        .frameCount(3)
                        .build(),
                    listener)),
    CHAT(
        EachTask.CHAT,
        (model, listener) -> new Chat(model).askAsync("a", TextOptions.DEFAULTS, listener)),
    BEST_OF(
        EachTask.BEST_OF,
        (model, listener) ->
            new BestOf(model)
                .generateAsync(
                    BestOfRequest.of(TextToImageRequest.builder("a").steps(3).build(), 2),
                    listener)),
    STORY(
        EachTask.STORY,
        (model, listener) ->
            new Story(model).tellAsync(Stories.request("a").steps(3).build(), listener));

    private final EachTask task;
    private final BiFunction<LoadedModel, GenerationListener, CompletableFuture<?>> start;

    Form(EachTask task, BiFunction<LoadedModel, GenerationListener, CompletableFuture<?>> start) {
      this.task = task;
      this.start = start;
    }

    private static BufferedImage image() {
      return new BufferedImage(40, 50, BufferedImage.TYPE_INT_RGB);
    }
  }

  @ParameterizedTest
  @EnumSource
  void doesWhatTheBlockingFormDoes(Form form) {
    FakeBackend blocking = form.task.backend();
    List<String> expected = new ArrayList<>();
    form.task.run(fixture.model(blocking), Listeners.recording(expected, 1));
    FakeBackend backend = form.task.backend();
    List<String> events = new ArrayList<>();
    CompletableFuture<?> future = start(form, backend, Listeners.recording(events, 1));
    assertFalse(future.isDone());
    assertEquals(List.of(), backend.log().calls());
    waiting.remove().run();
    assertTrue(future.join() != null);
    assertEquals(blocking.log().calls(), backend.log().calls());
    assertEquals(expected, events);
    assertEquals(0, backend.log().stillOpen());
  }

  @ParameterizedTest
  @EnumSource
  void failsAsTheBlockingFormDoes(Form form) {
    FakeBackend whole = form.task.backend();
    form.task.run(fixture.model(whole), GenerationListener.NONE);
    int last = whole.log().calls().size() - 1;
    FakeBackend blocking = form.task.backend();
    blocking.log().failAt(last);
    ShowO2Exception expected =
        assertThrows(
            ShowO2Exception.class,
            () -> form.task.run(fixture.model(blocking), GenerationListener.NONE));
    FakeBackend backend = form.task.backend();
    backend.log().failAt(last);
    CompletableFuture<?> future = start(form, backend, GenerationListener.NONE);
    waiting.remove().run();
    Throwable failure = failure(future);
    assertSame(expected.getClass(), failure.getClass());
    assertEquals(expected.getMessage(), failure.getMessage());
    assertSame(failure, assertThrows(CompletionException.class, future::join).getCause());
    assertEquals(0, backend.log().stillOpen());
  }

  /** Cancels at one question after the other; the request ends before the next one. */
  @ParameterizedTest
  @EnumSource
  void cancellingTheFutureEndsTheRequestBeforeItsNextStep(Form form) {
    int questions = questions(form);
    assertTrue(questions >= 4, "asked only " + questions + " times");
    for (int n = 0; n < questions - 1; n++) {
      FakeBackend backend = form.task.backend();
      AtQuestion listener = new AtQuestion(n, future -> future.cancel(false));
      listener.future = start(form, backend, listener);
      waiting.remove().run();
      assertTrue(listener.future.isCancelled(), "question " + n);
      assertEquals(n + 1, listener.asked, "went on after question " + n);
      assertEquals(0, backend.log().stillOpen(), "open after question " + n);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTimeoutEndsTheRequestToo(Form form) {
    FakeBackend backend = form.task.backend();
    TimeoutException late = new TimeoutException();
    AtQuestion listener = new AtQuestion(2, future -> future.completeExceptionally(late));
    listener.future = start(form, backend, listener);
    waiting.remove().run();
    assertSame(late, failure(listener.future));
    assertEquals(3, listener.asked);
    assertEquals(0, backend.log().stillOpen());
  }

  @ParameterizedTest
  @EnumSource
  void aListenerThatCancelsCompletesWithTheException(Form form) {
    FakeBackend backend = form.task.backend();
    Cancellation cancellation = new Cancellation();
    CompletableFuture<?> future = start(form, backend, cancellation.wrap(GenerationListener.NONE));
    cancellation.cancel();
    waiting.remove().run();
    assertEquals(CancelledException.class, failure(future).getClass());
    assertFalse(future.isCancelled());
    assertEquals(List.of(), backend.log().calls());
  }

  @ParameterizedTest
  @EnumSource
  void cancelledWhileItWaitsARequestDoesNothing(Form form) {
    FakeBackend backend = form.task.backend();
    List<String> events = new ArrayList<>();
    CompletableFuture<?> future = start(form, backend, Listeners.recording(events, 1));
    future.cancel(true);
    waiting.remove().run();
    assertEquals(List.of(), events);
    assertEquals(List.of(), backend.log().calls());
  }

  /** In a conversation each question may be asked so, one after the other. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void conversationsGoOnAfterEachAnswer(boolean firstIsCancelled) {
    FakeBackend backend = new FakeBackend().answering(11, 492, 12, 492);
    try (Conversation conversation = new Chat(model(backend)).open()) {
      CompletableFuture<GeneratedText> first =
          conversation.askAsync("a", TextOptions.DEFAULTS, GenerationListener.NONE);
      if (firstIsCancelled) {
        first.cancel(false);
      }
      waiting.remove().run();
      CompletableFuture<GeneratedText> second =
          conversation.askAsync("b", TextOptions.DEFAULTS, GenerationListener.NONE);
      waiting.remove().run();
      assertEquals(firstIsCancelled ? 11 : 12, second.join().ids()[0]);
      assertEquals(1, backend.log().count("backbone cache"));
    }
    assertEquals(0, backend.log().stillOpen());
  }

  /** So that none is forgotten when a method is added. */
  @ParameterizedTest
  @ValueSource(
      classes = {
        TextToImage.class,
        BestOf.class,
        ImageToImage.class,
        Story.class,
        TextToVideo.class,
        ImageToVideo.class,
        ImageUnderstanding.class,
        VideoUnderstanding.class,
        Chat.class,
        Conversation.class
      })
  void everyMethodThatTakesAListenerHasTheForm(Class<?> pipeline) throws NoSuchMethodException {
    int found = 0;
    for (Method method : pipeline.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers())
          && Arrays.asList(method.getParameterTypes()).contains(GenerationListener.class)
          && !method.getName().endsWith("Async")) {
        found++;
        Method async = pipeline.getMethod(method.getName() + "Async", method.getParameterTypes());
        assertSame(CompletableFuture.class, async.getReturnType());
        assertEquals(
            method.getGenericReturnType(),
            ((ParameterizedType) async.getGenericReturnType()).getActualTypeArguments()[0]);
      }
    }
    assertTrue(found > 0, "no method of " + pipeline + " takes a listener");
  }

  private static int questions(Form form) {
    AtQuestion never = new AtQuestion(-1, future -> {});
    form.task.run(fixture.model(form.task.backend()), never);
    return never.asked;
  }

  private CompletableFuture<?> start(Form form, FakeBackend backend, GenerationListener listener) {
    return form.start.apply(model(backend), listener);
  }

  private LoadedModel model(FakeBackend backend) {
    return new LoadedModel(
        fixture.bundle(),
        "fake",
        backend,
        fixture.tokenizer(),
        AsyncRequests.on(waiting::add),
        ControlTokens.TEXT_IN_QUESTIONS);
  }

  /** What a stage right behind the future sees. */
  private static Throwable failure(CompletableFuture<?> future) {
    Throwable[] seen = new Throwable[1];
    future.whenComplete((result, failure) -> seen[0] = failure);
    return seen[0];
  }

  /** Does something with its request's future at one question, and never says yes itself. */
  private static final class AtQuestion implements GenerationListener {

    private final int question;
    private final Consumer<CompletableFuture<?>> act;
    private CompletableFuture<?> future;
    private int asked;

    AtQuestion(int question, Consumer<CompletableFuture<?>> act) {
      this.question = question;
      this.act = act;
    }

    @Override
    public boolean cancelled() {
      if (asked++ == question) {
        act.accept(future);
      }
      return false;
    }
  }
}
