package dev.showo2.pipeline;

import dev.showo2.error.ShowO2Exception;
import dev.showo2.model.Bundle;
import dev.showo2.pipeline.internal.AsyncRequests;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.spi.Backend;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeBundle;
import dev.showo2.text.ControlTokens;
import dev.showo2.text.TextFixtures;
import dev.showo2.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apiguardian.api.API;
import org.junit.jupiter.api.Assertions;

/** A fake bundle and a tokenizer for the tests of one class, with a new backend for each model. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class PipelineFixture implements AutoCloseable {

  private final Bundle bundle;
  private final TextTokenizer tokenizer = TextFixtures.tokenizer();

  /**
   * @param positions as for {@link FakeBundle#architecture}
   */
  public PipelineFixture(Path folder, int positions) throws IOException {
    bundle = Bundle.open(FakeBundle.write(folder, FakeBundle.manifest(positions).toJson()));
  }

  Bundle bundle() {
    return bundle;
  }

  public TextTokenizer tokenizer() {
    return tokenizer;
  }

  public LoadedModel model(Backend backend) {
    return new LoadedModel(bundle, "fake", backend, tokenizer);
  }

  LoadedModel model(FakeBackend backend, ControlTokens controlTokens) {
    return new LoadedModel(
        bundle, "fake", backend, tokenizer, AsyncRequests.onOwnThread(), controlTokens);
  }

  /** Runs a request once as it is, then with a failure at each of its calls; nothing stays open. */
  public void assertNothingLeaks(Supplier<FakeBackend> backends, Consumer<LoadedModel> request) {
    FakeBackend whole = backends.get();
    request.accept(model(whole));
    Assertions.assertEquals(0, whole.log().stillOpen());
    int calls = whole.log().calls().size();
    Assertions.assertTrue(calls > 10, "only " + calls + " calls");
    for (int i = 0; i < calls; i++) {
      FakeBackend failing = backends.get();
      failing.log().failAt(i);
      String message =
          Assertions.assertThrows(
                  ShowO2Exception.class, () -> request.accept(model(failing)), "call " + i)
              .getMessage();
      String told = "told to fail at " + whole.log().calls().get(i);
      // Once the latents are there, they are kept in the exception.
      Assertions.assertTrue(
          message.equals(told) || message.contains("could not be decoded: " + told), message);
      Assertions.assertEquals(0, failing.log().stillOpen(), "open after " + message);
    }
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
