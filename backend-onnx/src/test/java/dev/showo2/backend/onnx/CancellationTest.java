package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.error.CancelledException;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageToVideo;
import dev.showo2.pipeline.ImageToVideoRequest;
import dev.showo2.pipeline.ImageUnderstanding;
import dev.showo2.pipeline.ImageUnderstandingRequest;
import dev.showo2.pipeline.Story;
import dev.showo2.pipeline.StoryRequest;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToImageRequest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests that are ended at any point leave the engine as it was. */
@ExtendWith(ExportedModels.class)
class CancellationTest {

  private static final int REQUESTS = 1000;

  /** What allocators keep for themselves; a thousand leaked caches of tiny-a would be 100 MB. */
  private static final long SLACK = 24L << 20;

  @Test
  void aThousandCancelledRequestsLeaveNativeMemoryFlat(Models models, TestReporter reporter)
      throws IOException {
    Path status = Path.of("/proc/self/status");
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"))) {
      List<Consumer<GenerationListener>> requests = requests(open);
      int cancelled = 0;
      long settled = 0;
      for (int i = 0; i < REQUESTS; i++) {
        GenerationListener listener = new Impatient(i / requests.size() % 6);
        Consumer<GenerationListener> request = requests.get(i % requests.size());
        assertThrows(CancelledException.class, () -> request.accept(listener), "request " + i);
        cancelled++;
        assertEquals(0, open.backend().openValues(), "values left open by request " + i);
        if (i == REQUESTS / 4 && Files.exists(status)) {
          settled = nativeBytes(status);
        }
      }
      assertEquals(REQUESTS, cancelled);
      assumeTrue(Files.exists(status), "no /proc to read the memory of the process from");
      long grown = nativeBytes(status) - settled;
      reporter.publishEntry("native memory grown", (grown >> 10) + " KiB in 750 requests");
      assertTrue(grown < SLACK, grown + " bytes more than after a quarter of the requests");
    }
  }

  private static List<Consumer<GenerationListener>> requests(OpenBackend open) {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    return List.of(
        listener ->
            new TextToImage(open.model())
                .generate(TextToImageRequest.builder("a").seed(1).steps(6).build(), listener),
        listener ->
            new ImageToVideo(open.model())
                .generate(
                    ImageToVideoRequest.builder(image, "a").seed(1).steps(3).build(),
                    (index, frame) -> {},
                    listener),
        listener ->
            new ImageUnderstanding(open.model())
                .ask(ImageUnderstandingRequest.of(image, "What is it?"), listener),
        listener ->
            new Story(open.model())
                .tell(StoryRequest.builder("a").seed(1).steps(6).build(), listener));
  }

  /** Resident memory that is no Java heap: what the heap takes of it may only make it larger. */
  private static long nativeBytes(Path status) throws IOException {
    System.gc();
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        long kilobytes = Long.parseLong(line.replaceAll("\\D", ""));
        return (kilobytes << 10) - Runtime.getRuntime().totalMemory();
      }
    }
    throw new IOException("no VmRSS in " + status);
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
