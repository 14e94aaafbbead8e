package dev.showo2;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.Integrity;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageToImageRequest;
import dev.showo2.pipeline.StoryRequest;
import dev.showo2.pipeline.Task;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Backends;
import dev.showo2.stage.Stage;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeBundle;
import dev.showo2.testing.FakeProvider;
import dev.showo2.testing.RegisteredProvider;
import dev.showo2.tiling.Tiling;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShowO2Test {

  @TempDir Path folder;
  private final FakeProvider provider = new FakeProvider("fake");
  private RegisteredProvider.Registration registration;
  private final List<FakeBackend> opened = new ArrayList<>();
  private final List<BackendConfig> configs = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    FakeBundle.write(folder);
    registration = RegisteredProvider.register(provider);
    provider.opening(
        (bundle, config) -> {
          configs.add(config);
          opened.add(new FakeBackend());
          return opened.get(0);
        });
  }

  @AfterEach
  void forget() {
    registration.close();
  }

  @Test
  void opensABundleOnTheBestBackend() {
    try (ShowO2 model = ShowO2.open(folder)) {
      assertEquals("fake", model.backendId());
      assertEquals(Bundle.open(folder).hash(), model.bundle().hash());
      assertEquals(32, model.textToImage().generate(TextToImageRequest.of("")).image().getWidth());
      assertFalse(opened.get(0).isClosed());
    }
    assertTrue(opened.get(0).isClosed());
    assertEquals(List.of(BackendConfig.defaults()), configs);
  }

  @Test
  void aPrecisionThatNoBackendOffersIsRefusedBeforeAnythingIsOpened() throws IOException {
    FakeBundle.write(folder, FakeBundle.manifest(4).toJson().replace("\"fp32\"", "\"int8\""));
    assertFails(
        UnsupportedFeatureException.class,
        () -> ShowO2.builder(folder).backend("fake").open(),
        "the backend 'fake' does not run bundle fake at " + folder,
        "it offers fp32, found text_embedding in int8, ");
    assertFails(
        UnsupportedFeatureException.class,
        () -> ShowO2.open(folder),
        "no backend that can run here offers the precisions of bundle fake at " + folder);
    assertEquals(List.of(), opened);
  }

  @Test
  void givesAPipelineForEachKindOfQuestion() {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    int eos = FakeBundle.tokens().eos();
    try (ShowO2 model = ShowO2.open(folder)) {
      opened.get(0).answering(eos, eos, eos);
      assertEquals("", model.imageUnderstanding().ask(image, "x").text());
      assertEquals("", model.videoUnderstanding().ask(List.of(image), "x").text());
      assertEquals("", model.chat().ask("x").text());
      assertEquals(2, opened.get(0).log().count("encode"));
    }
  }

  @Test
  void leadsToChangedImagesAndStories() {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    try (ShowO2 model = ShowO2.open(folder)) {
      ImageToImageRequest change = ImageToImageRequest.builder(image, "").strength(0).build();
      assertEquals(32, model.imageToImage().generate(change).image().getWidth());
      assertEquals(1, opened.get(0).log().count("encode"));
      StoryRequest tooLong = StoryRequest.of("one two three four five six seven");
      assertFails(
          InvalidRequestException.class, () -> model.story().tell(tooLong), "prompt: this model");
    }
  }

  @Test
  void handsTheConfigurationOn() {
    BackendConfig config = BackendConfig.builder().threads(2).build();
    ShowO2.builder(folder).backend("fake").config(config).open().close();
    assertSame(config, configs.get(0));
  }

  @Test
  void settingsOfTheBackendMayBeMadeOneByOne() {
    ShowO2.builder(folder)
        .config(BackendConfig.builder().option("a", "1").build())
        .device("cuda:1")
        .threads(3)
        .option("b", "2")
        .open()
        .close();
    assertEquals(
        BackendConfig.builder()
            .device("cuda:1")
            .threads(3)
            .option("a", "1")
            .option("b", "2")
            .build(),
        configs.get(0));
  }

  @Test
  void backendsMayBeGiven() {
    FakeBackend own = new FakeBackend();
    BackendProvider provider =
        new FakeProvider("own", 1, Availability.usable()) {
          @Override
          public Backend open(Bundle bundle, BackendConfig config) {
            return own;
          }
        };
    try (ShowO2 model = ShowO2.builder(folder).backends(Backends.of(provider)).open()) {
      assertEquals("own", model.backendId());
      assertEquals(32, model.textToImage().generate("").image().getWidth());
    }
    assertTrue(own.isClosed());
    assertEquals(List.of(), opened);
  }

  @Test
  void aBackendOfTheCallerStaysOpen() {
    Bundle bundle = Bundle.open(folder);
    FakeBackend own = new FakeBackend();
    ShowO2 model = ShowO2.of(bundle, own);
    GeneratedImage image = model.textToImage().generate("");
    assertEquals("custom", model.backendId());
    assertEquals("custom", image.settings().entries().get("backend"));
    assertSame(bundle, model.bundle());
    TextToImage images = model.textToImage();
    model.close();
    assertFalse(own.isClosed());
    assertClosed(images);
    assertFails(NullPointerException.class, () -> ShowO2.of(bundle, null), "backend");
  }

  @Test
  void aBackendOfTheCallerDoesNotMakeUpForATokenizerOfAnotherModel() throws IOException {
    rewrite(FakeBundle.manifest(4).toJson().replace("\"eos\": 492", "\"eos\": 493"));
    Bundle bundle = Bundle.open(folder);
    assertFails(
        InvalidModelException.class,
        () -> ShowO2.of(bundle, new FakeBackend()),
        "tokenizer.json does not belong to this bundle");
  }

  @Test
  void asynchronousRequestsRunOnTheExecutorThatWasGiven() {
    List<Runnable> waiting = new ArrayList<>();
    try (ShowO2 model = ShowO2.builder(folder).executor(waiting::add).open()) {
      CompletableFuture<GeneratedImage> image =
          model.textToImage().generateAsync(TextToImageRequest.of(""), GenerationListener.NONE);
      assertFalse(image.isDone());
      waiting.get(0).run();
      assertEquals(32, image.join().image().getWidth());
    }
  }

  @Test
  void closingEndsAsynchronousRequestsBeforeTheBackend() {
    CountDownLatch running = new CountDownLatch(1);
    GenerationListener endless =
        new GenerationListener() {
          @Override
          public void started(Task task) {
            running.countDown();
          }
        };
    List<Boolean> doneBefore = new ArrayList<>();
    List<CompletableFuture<?>> futures = new ArrayList<>();
    provider.opening(
        (bundle, config) ->
            kept(
                new FakeBackend()
                    .onClose(() -> futures.forEach(future -> doneBefore.add(future.isDone())))));
    ShowO2 model = ShowO2.open(folder);
    TextToImageRequest request = TextToImageRequest.builder("").steps(100_000).build();
    futures.add(model.textToImage().generateAsync(request, endless));
    futures.add(model.textToImage().generateAsync(request, GenerationListener.NONE));
    assertDoesNotThrow(() -> running.await());
    model.close();
    assertEquals(0, opened.get(0).log().stillOpen());
    assertTrue(opened.get(0).isClosed());
    assertEquals(2, doneBefore.size());
    assertTrue(doneBefore.get(1), "a request that waited");
    futures.forEach(
        future ->
            assertEquals(
                CancelledException.class,
                assertThrows(CompletionException.class, future::join).getCause().getClass()));
  }

  @Test
  void largeImagesAreDecodedInTilesWhereThatIsAskedFor() throws IOException {
    FakeBundle.write(folder, FakeBundle.manifest(16).toJson());
    provider.opening((bundle, config) -> kept(new FakeBackend()));
    Tiling tiling = Tiling.ALWAYS.withTiles(48, 16);
    try (ShowO2 model = ShowO2.builder(folder).tiling(tiling).open()) {
      TextToImageRequest request = TextToImageRequest.builder("").width(64).height(32).build();
      assertEquals(64, model.textToImage().generate(request).image().getWidth());
    }
    String tile = "decode [1, 16, 1, 4, 5]";
    assertEquals(List.of(tile, tile), opened.get(0).log().calls("decode"));
  }

  @Test
  void tilesAreChosenOnceMemoryRunsOut() throws IOException {
    FakeBundle.write(folder, FakeBundle.manifest(16).toJson());
    provider.opening(
        (bundle, config) -> kept(new FakeBackend().with(vae -> vae.memoryFor(80 * 80))));
    try (ShowO2 model = ShowO2.open(folder)) {
      TextToImageRequest request =
          TextToImageRequest.builder("").steps(2).width(640).height(720).build();
      assertEquals(720, model.textToImage().generate(request).image().getHeight());
    }
    assertEquals(
        List.of("decode [1, 16, 1, 90, 80]"), opened.get(0).log().calls("decode").subList(0, 1));
    assertEquals(5, opened.get(0).log().count("decode"));
    assertEquals(0, opened.get(0).log().stillOpen());
  }

  private FakeBackend kept(FakeBackend backend) {
    opened.add(backend);
    return backend;
  }

  @Test
  void checksTheBundleAsThoroughlyAsAsked() throws IOException {
    Files.write(folder.resolve(FakeBundle.GRAPH), new byte[] {4, 3, 2, 1});
    assertFails(InvalidModelException.class, () -> ShowO2.open(folder), "was altered");
    ShowO2.builder(folder).integrity(Integrity.SIZES).open().close();
  }

  @Test
  void saysWhichBackendsThereAre() {
    assertFails(
        UnsupportedFeatureException.class,
        () -> ShowO2.builder(folder.resolve("missing")).backend("onnx").open(),
        "there is no backend 'onnx'; found: fake (usable)",
        "dev.showo2:backend-onnx");
  }

  @Test
  void saysThatThereIsNoBundle() {
    Path missing = folder.resolve("missing");
    assertFails(InvalidModelException.class, () -> ShowO2.open(missing), "no bundle at " + missing);
    assertTrue(opened.isEmpty());
  }

  @Test
  void closesTheBackendBeforeTheTokenizerAndOnlyOnce() {
    ShowO2 model = ShowO2.open(folder);
    TextToImage images = model.textToImage();
    model.close();
    model.close();
    assertTrue(opened.get(0).isClosed());
    assertClosed(images);
  }

  @Test
  void closesTheTokenizerThoughTheBackendFailsToClose() {
    provider.opening(
        (bundle, config) ->
            new FakeBackend()
                .onClose(
                    () -> {
                      throw new BackendException("stuck");
                    }));
    ShowO2 model = ShowO2.open(folder);
    TextToImage images = model.textToImage();
    assertFails(BackendException.class, model::close, "stuck");
    assertClosed(images);
  }

  @Test
  void theTokenizerIsOpenWhileTheBackendCloses() {
    List<Object> seen = new ArrayList<>();
    ShowO2[] model = new ShowO2[1];
    provider.opening(
        (bundle, config) ->
            new FakeBackend()
                .onClose(
                    () -> seen.add(model[0].textToImage().generate(TextToImageRequest.of("")))));
    model[0] = ShowO2.open(folder);
    model[0].close();
    assertEquals(1, seen.size());
  }

  @Test
  void aBackendThatFailsToOpenIsTheErrorThatIsSeen() {
    provider.opening(
        (bundle, config) -> {
          throw new BackendException("no memory left");
        });
    assertFails(BackendException.class, () -> ShowO2.open(folder), "no memory left");
    provider.opening((bundle, config) -> null);
    assertFails(
        BackendException.class, () -> ShowO2.open(folder), "the backend 'fake' opened nothing");
  }

  @Test
  void refusesATokenizerOfAnotherModel() throws IOException {
    String manifest = FakeBundle.manifest(4).toJson();
    rewrite(manifest.replace("\"eos\": 492", "\"eos\": 493"));
    assertFails(
        InvalidModelException.class,
        () -> ShowO2.open(folder),
        "tokenizer.json does not belong to this bundle: its tokens should be",
        "eos=493",
        "eos=492");
    rewrite(
        manifest
            .replace("\"vocabulary_size\": 508", "\"vocabulary_size\": 507")
            .replace("\"eov\": 507", "\"eov\": 506"));
    assertFails(InvalidModelException.class, () -> ShowO2.open(folder), "does not belong");
    assertTrue(opened.isEmpty());
  }

  @Test
  void namesTheArgumentThatIsNull() {
    assertFails(NullPointerException.class, () -> ShowO2.open(null), "bundle");
    ShowO2.Builder builder = ShowO2.builder(folder);
    assertFails(NullPointerException.class, () -> builder.backend(null), "id");
    assertFails(NullPointerException.class, () -> builder.config(null), "config");
    assertFails(NullPointerException.class, () -> builder.integrity(null), "integrity");
    assertFails(NullPointerException.class, () -> builder.backends(null), "backends");
    assertFails(NullPointerException.class, () -> builder.tiling(null), "tiling");
    assertFails(NullPointerException.class, () -> builder.executor(null), "executor");
  }

  private void rewrite(String manifest) throws IOException {
    Files.writeString(folder.resolve(BundleManifest.FILE_NAME), manifest);
  }

  @Test
  void warmingUpRunsEachKindOfRequestOnce() {
    try (ShowO2 model = ShowO2.open(folder)) {
      model.warmUp();
      FakeBackend backend = opened.get(0);
      assertEquals(
          1, backend.log().count("decode [1, 16, 1, 4, 4]"), backend.log().calls()::toString);
      assertEquals(
          1, backend.log().count("encode [1, 3, 1, 32, 32]"), backend.log().calls()::toString);
      assertEquals(0, backend.log().stillOpen());
    }
  }

  @Test
  void warmingUpTakesTheStagesThatThereAre() {
    for (Stage missing : Stage.values()) {
      FakeBackend backend = new FakeBackend().answering(492).without(missing);
      try (ShowO2 model = ShowO2.of(Bundle.open(folder), backend)) {
        model.warmUp();
      }
      assertEquals(0, backend.log().stillOpen(), missing::toString);
    }
    FakeBackend text = new FakeBackend().answering(492).without(Stage.FUSION);
    try (ShowO2 model = ShowO2.of(Bundle.open(folder), text)) {
      model.warmUp();
    }
    assertTrue(
        text.log().calls().stream().anyMatch(call -> call.startsWith("language last")), "no text");
  }

  private static void assertClosed(TextToImage images) {
    String message =
        assertThrows(
                IllegalStateException.class,
                () -> images.generate(TextToImageRequest.of("a circle")))
            .getMessage();
    assertTrue(
        message.matches("the model '.*' is closed; open it again with ShowO2.open.*"), message);
  }
}
