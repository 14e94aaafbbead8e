package dev.showo2.samples.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.ShowO2;
import dev.showo2.error.CancelledException;
import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.samples.testing.TestCache;
import org.junit.jupiter.api.Test;

/** A model that is closed while a request runs, as at the end of a service. */
class ClosingTest {

  @Test
  void requestThatIsCutOffIsCancelled() throws Exception {
    ShowO2 model = ShowO2.open(TestCache.bundle());
    TextToImageRequest request =
        TextToImageRequest.builder("a red circle").steps(5).seed(1).build();
    GenerationListener closing =
        new GenerationListener() {
          @Override
          public void step(DenoisingStep step) {
            model.close();
          }
        };
    CancelledException cutOff =
        assertThrows(
            CancelledException.class, () -> model.textToImage().generate(request, closing));
    assertEquals("the request was cut off: its model was closed while it ran", cutOff.getMessage());
    assertInstanceOf(IllegalStateException.class, cutOff.getCause());
    assertThrows(IllegalStateException.class, () -> model.textToImage().generate(request));
  }
}
