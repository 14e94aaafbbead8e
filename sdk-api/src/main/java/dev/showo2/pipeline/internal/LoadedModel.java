package dev.showo2.pipeline.internal;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.sequence.internal.SequenceLayout;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.text.TextTokenizer;
import dev.showo2.text.internal.ChatTemplate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What pipelines work with: a bundle, the backend that runs it, and its tokenizer. Whoever opened
 * them closes them, after the last request.
 *
 * <p>Thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class LoadedModel {

  private final Bundle bundle;
  private final String backendId;
  private final Backend backend;
  private final TextTokenizer tokenizer;
  private final AsyncRequests requests;
  // Made when it is first asked for, since most requests want no preview.
  private LatentPreview preview;

  /**
   * @param bundle that the backend was opened with
   * @param backendId names the backend in results
   * @param tokenizer of the bundle
   */
  public LoadedModel(Bundle bundle, String backendId, Backend backend, TextTokenizer tokenizer) {
    this(bundle, backendId, backend, tokenizer, AsyncRequests.onOwnThread());
  }

  /**
   * @param requests runs asynchronous requests
   */
  public LoadedModel(
      Bundle bundle,
      String backendId,
      Backend backend,
      TextTokenizer tokenizer,
      AsyncRequests requests) {
    this.bundle = Objects.requireNonNull(bundle, "bundle");
    this.backendId = Objects.requireNonNull(backendId, "backendId");
    this.backend = Objects.requireNonNull(backend, "backend");
    this.tokenizer = Objects.requireNonNull(tokenizer, "tokenizer");
    this.requests = Objects.requireNonNull(requests, "requests");
  }

  /** What was opened. */
  public Bundle bundle() {
    return bundle;
  }

  /** Names the backend in results. */
  public String backendId() {
    return backendId;
  }

  /** What runs the stages. */
  public Backend backend() {
    return backend;
  }

  /** Of the bundle. */
  public TextTokenizer tokenizer() {
    return tokenizer;
  }

  /** Runs asynchronous requests. */
  public AsyncRequests requests() {
    return requests;
  }

  /** How latents of this model look without decoding them. */
  synchronized LatentPreview preview() {
    if (preview == null) {
      preview = LatentPreview.of(backend, architecture().vae().latentChannels());
    }
    return preview;
  }

  /** The sizes of the model. */
  public Architecture architecture() {
    return bundle.architecture();
  }

  /** How the sequences of this model are laid out. */
  public SequenceLayout layout() {
    return new SequenceLayout(bundle.manifest().specialTokens(), new ChatTemplate(tokenizer));
  }

  /** The same with another text of the system. */
  public SequenceLayout layout(String system) {
    return new SequenceLayout(
        bundle.manifest().specialTokens(), new ChatTemplate(tokenizer, system));
  }

  /** Fails before a request has cost anything if it would come to a stage that is not there. */
  public void require(String task, Stage... stages) {
    List<String> missing =
        Arrays.stream(stages)
            .filter(stage -> !backend.capabilities().supports(stage))
            .map(Stage::id)
            .toList();
    if (!missing.isEmpty()) {
      throw new UnsupportedFeatureException(
          "the backend '"
              + backendId
              + "' cannot do "
              + task
              + " with this bundle: it lacks "
              + String.join(", ", missing)
              + "; export the checkpoint with these stages, or use another backend");
    }
  }
}
