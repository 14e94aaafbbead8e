package dev.showo2.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageToVideo;
import dev.showo2.pipeline.ImageToVideoRequest;
import dev.showo2.pipeline.ImageUnderstanding;
import dev.showo2.pipeline.ImageUnderstandingRequest;
import dev.showo2.pipeline.Story;
import dev.showo2.pipeline.StoryRequest;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.spi.support.AbstractBackend;
import dev.showo2.text.TextTokenizer;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Checks of a backend's native memory: long requests, and those that are ended at any point. */
public abstract class NativeMemoryContract {

  private static final int REQUESTS = 1000;

  /** Of a long request. */
  protected static final int STEPS = 1000;

  /** What allocators keep for themselves; a thousand leaked caches of tiny-a would be 100 MB. */
  private static final long SLACK = 24L << 20;

  private static final Path STATUS = Path.of("/proc/self/status");

  /**
   * @param checkpoint of the kit
   */
  protected abstract OpenedBackend open(String checkpoint);

  @Test
  void aThousandCancelledRequestsLeaveItFlat(TestReporter reporter) {
    try (OpenedBackend open = open("tiny-a");
        TextTokenizer tokenizer = TextTokenizer.load(open.bundle().tokenizer())) {
      List<Consumer<GenerationListener>> requests = requests(model(open, tokenizer));
      Samples samples = new Samples();
      for (int i = 0; i < REQUESTS; i++) {
        GenerationListener listener = new Impatient(i / requests.size() % 6);
        Consumer<GenerationListener> request = requests.get(i % requests.size());
        assertThrows(CancelledException.class, () -> request.accept(listener), "request " + i);
        assertEquals(0, openResources(open), "resources left open by request " + i);
        samples.take(i);
      }
      samples.assertFlat(reporter);
    }
  }

  @Test
  void aThousandDenoisingStepsLeaveItFlat(TestReporter reporter) {
    try (OpenedBackend open = open("tiny-a");
        TextTokenizer tokenizer = TextTokenizer.load(open.bundle().tokenizer())) {
      Samples samples = new Samples();
      GenerationListener listener =
          new GenerationListener() {
            private int done;

            @Override
            public void step(DenoisingStep step) {
              samples.take(done++);
            }
          };
      new TextToImage(model(open, tokenizer))
          .generate(TextToImageRequest.builder("a").seed(1).steps(STEPS + 1).build(), listener);
      assertEquals(0, openResources(open));
      samples.assertFlat(reporter);
    }
  }

  private static LoadedModel model(OpenedBackend open, TextTokenizer tokenizer) {
    return new LoadedModel(open.bundle(), "tested", open.backend(), tokenizer);
  }

  private static long openResources(OpenedBackend open) {
    return ((AbstractBackend) open.backend()).lifetime().openResources();
  }

  /** The memory of the process at regular intervals. */
  protected static final class Samples {

    private static final int INTERVAL = 25;

    private final List<Long> bytes = new ArrayList<>();

    /** None yet. */
    public Samples() {}

    /** Takes one, if it is time. */
    public void take(int index) {
      if (index % INTERVAL == INTERVAL - 1) {
        bytes.add(nativeBytes());
      }
    }

    /** By the smallest samples: the heap makes some of them larger, and a leak all later ones. */
    public void assertFlat(TestReporter reporter) {
      assertEquals(STEPS / INTERVAL, bytes.size());
      assumeTrue(Files.exists(STATUS), "no /proc to read the memory of the process from");
      int quarter = bytes.size() / 4;
      long grown =
          Collections.min(bytes.subList(3 * quarter, bytes.size()))
              - Collections.min(bytes.subList(quarter, 2 * quarter));
      reporter.publishEntry(
          "native memory grown", (grown >> 10) + " KiB from the second quarter to the last");
      assertTrue(grown < SLACK, () -> "grows by " + grown + " bytes: " + bytes);
    }
  }

  private static List<Consumer<GenerationListener>> requests(LoadedModel model) {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    return List.of(
        listener ->
            new TextToImage(model)
                .generate(TextToImageRequest.builder("a").seed(1).steps(6).build(), listener),
        listener ->
            new ImageToVideo(model)
                .generate(
                    ImageToVideoRequest.builder(image, "a").seed(1).steps(3).build(),
                    (index, frame) -> {},
                    listener),
        listener ->
            new ImageUnderstanding(model)
                .ask(ImageUnderstandingRequest.of(image, "What is it?"), listener),
        listener ->
            new Story(model).tell(StoryRequest.builder("a").seed(1).steps(6).build(), listener));
  }

  /** Resident memory that is no Java heap: what the heap takes of it may only make it larger. */
  private static long nativeBytes() {
    if (!Files.exists(STATUS)) {
      return 0;
    }
    System.gc();
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("VmRSS:")) {
          long kilobytes = Long.parseLong(line.replaceAll("\\D", ""));
          return (kilobytes << 10) - Runtime.getRuntime().totalMemory();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("no VmRSS in " + STATUS);
  }

  /** Ends its request when it is asked for the n-th time. */
  private static final class Impatient implements GenerationListener {

    private int patience;

    Impatient(int patience) {
      this.patience = patience;
    }

    @Override
    public boolean cancelled() {
      return patience-- <= 0;
    }
  }
}
