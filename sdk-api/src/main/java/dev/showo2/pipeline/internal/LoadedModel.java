package dev.showo2.pipeline.internal;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.sequence.internal.SequenceLayout;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.text.ControlTokens;
import dev.showo2.text.TextTokenizer;
import dev.showo2.text.internal.ChatTemplate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A model ready for requests: a bundle, the backend that runs it, and its tokenizer. Their opener
 * closes them after the last request.
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
  private final ControlTokens controlTokens;
  private final Optional<Scheduler> scheduler;
  private final String client;
  private final State state;

  /** The part that changes, which the views for all clients share. */
  private static final class State {

    private volatile boolean closing;
    private volatile boolean closed;
    // Made lazily, since most requests need no preview.
    private LatentPreview preview;
  }

  /**
   * Combines the opened parts, of which none is closed here.
   *
   * @param bundle that the backend was opened with
   * @param backendId id of the backend in results
   * @param backend that runs the stages
   * @param tokenizer of the bundle
   */
  public LoadedModel(Bundle bundle, String backendId, Backend backend, TextTokenizer tokenizer) {
    this(
        bundle,
        backendId,
        backend,
        tokenizer,
        AsyncRequests.onOwnThread(),
        ControlTokens.TEXT_IN_QUESTIONS);
  }

  /**
   * Combines the opened parts, of which none is closed here.
   *
   * @param bundle that the backend was opened with
   * @param backendId id of the backend in results
   * @param backend that runs the stages
   * @param tokenizer of the bundle
   * @param requests runner of asynchronous requests
   * @param controlTokens treatment of tokens that are spelled out in texts
   */
  public LoadedModel(
      Bundle bundle,
      String backendId,
      Backend backend,
      TextTokenizer tokenizer,
      AsyncRequests requests,
      ControlTokens controlTokens) {
    this(bundle, backendId, backend, tokenizer, requests, controlTokens, Optional.empty());
  }

  /**
   * Combines the opened parts, of which none is closed here.
   *
   * @param bundle that the backend was opened with
   * @param backendId id of the backend in results
   * @param backend that runs the stages
   * @param tokenizer of the bundle
   * @param requests runner of asynchronous requests
   * @param controlTokens treatment of tokens that are spelled out in texts
   * @param scheduler by which requests take turns; empty where they compute side by side
   */
  public LoadedModel(
      Bundle bundle,
      String backendId,
      Backend backend,
      TextTokenizer tokenizer,
      AsyncRequests requests,
      ControlTokens controlTokens,
      Optional<Scheduler> scheduler) {
    this.bundle = Objects.requireNonNull(bundle, "bundle");
    this.backendId = Objects.requireNonNull(backendId, "backendId");
    this.backend = Objects.requireNonNull(backend, "backend");
    this.tokenizer = Objects.requireNonNull(tokenizer, "tokenizer");
    this.requests = Objects.requireNonNull(requests, "requests");
    this.controlTokens = Objects.requireNonNull(controlTokens, "controlTokens");
    this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    this.client = "";
    this.state = new State();
  }

  private LoadedModel(LoadedModel model, String client) {
    this.bundle = model.bundle;
    this.backendId = model.backendId;
    this.backend = model.backend;
    this.tokenizer = model.tokenizer;
    this.requests = model.requests;
    this.controlTokens = model.controlTokens;
    this.scheduler = model.scheduler;
    this.state = model.state;
    this.client = Objects.requireNonNull(client, "client");
  }

  /**
   * Makes a view of this model whose requests count for a client.
   *
   * @param name of the client
   * @return a view that shares everything
   */
  public LoadedModel forClient(String name) {
    return new LoadedModel(this, name);
  }

  /** {@return the client whose requests are made; empty where the application names none} */
  public String client() {
    return client;
  }

  /** {@return the scheduler by which requests take turns; empty where they compute side by side} */
  public Optional<Scheduler> scheduler() {
    return scheduler;
  }

  /** Lets requests that are cut off from here on end as cancelled. */
  public void markClosing() {
    state.closing = true;
    scheduler.ifPresent(Scheduler::close);
  }

  /** {@return whether the model is closed or being closed} */
  public boolean isClosing() {
    return state.closing;
  }

  /** Lets later requests fail by this model's name; its opener has closed the parts. */
  public void markClosed() {
    state.closed = true;
  }

  private void requireOpen() {
    if (state.closed) {
      throw new IllegalStateException(
          "the model '"
              + bundle.manifest().name()
              + "' is closed; open it again with ShowO2.open, and close it after the last request");
    }
  }

  /** {@return the bundle} */
  public Bundle bundle() {
    return bundle;
  }

  /** {@return the id of the backend in results} */
  public String backendId() {
    return backendId;
  }

  /**
   * {@return the backend that runs the stages}
   *
   * @throws IllegalStateException if the model is closed
   */
  public Backend backend() {
    requireOpen();
    return backend;
  }

  /**
   * {@return the tokenizer of the bundle}
   *
   * @throws IllegalStateException if the model is closed
   */
  public TextTokenizer tokenizer() {
    requireOpen();
    return tokenizer;
  }

  /** {@return the treatment of tokens that are spelled out in texts} */
  public ControlTokens controlTokens() {
    return controlTokens;
  }

  /** {@return the runner of asynchronous requests} */
  public AsyncRequests requests() {
    return requests;
  }

  /** The preview of this model's latents, fitted on first use. */
  LatentPreview preview() {
    synchronized (state) {
      if (state.preview == null) {
        state.preview = LatentPreview.of(backend, architecture().vae().latentChannels());
      }
      return state.preview;
    }
  }

  /** {@return the sizes of the model} */
  public Architecture architecture() {
    return bundle.architecture();
  }

  /** {@return the layout of this model's sequences, with the released scripts' system message} */
  public SequenceLayout layout() {
    return new SequenceLayout(bundle.manifest().specialTokens(), new ChatTemplate(tokenizer));
  }

  /**
   * Makes a layout with another system message.
   *
   * @param system the message
   * @return the layout of this model's sequences
   */
  public SequenceLayout layout(String system) {
    ChatTemplate template =
        controlTokens == ControlTokens.TEXT
            ? ChatTemplate.plain(tokenizer, system)
            : new ChatTemplate(tokenizer, system);
    return new SequenceLayout(bundle.manifest().specialTokens(), template);
  }

  /**
   * Fails if the backend lacks a stage, before a request does any work.
   *
   * @param task for the message
   * @param stages that the task needs
   * @throws UnsupportedFeatureException if a stage is missing; the message names all of them
   * @throws IllegalStateException if the model is closed
   */
  public void require(String task, Stage... stages) {
    requireOpen();
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
