package dev.showo2;

import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.error.internal.HeapLimit;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.error.internal.JvmShutdown;
import dev.showo2.model.Bundle;
import dev.showo2.model.Integrity;
import dev.showo2.model.SpecialTokens;
import dev.showo2.pipeline.BestOf;
import dev.showo2.pipeline.Chat;
import dev.showo2.pipeline.Conversation;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageToImage;
import dev.showo2.pipeline.ImageToVideo;
import dev.showo2.pipeline.ImageUnderstanding;
import dev.showo2.pipeline.ImageUnderstandingRequest;
import dev.showo2.pipeline.Scheduling;
import dev.showo2.pipeline.Story;
import dev.showo2.pipeline.TextOptions;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.pipeline.TextToVideo;
import dev.showo2.pipeline.VideoUnderstanding;
import dev.showo2.pipeline.internal.AsyncRequests;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.pipeline.internal.Scheduler;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Backends;
import dev.showo2.spi.Device;
import dev.showo2.spi.support.PrecisionSpeed;
import dev.showo2.text.ControlTokens;
import dev.showo2.text.TextTokenizer;
import dev.showo2.tiling.Tiling;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/**
 * An opened model with a pipeline for each task: the entry to the SDK.
 *
 * <pre>{@code
 * try (ShowO2 model = ShowO2.open(Path.of("bundle"))) {
 *   GeneratedImage image = model.textToImage().generate("a red circle");
 *   image.savePng(Path.of("image.png"));
 * }
 * }</pre>
 *
 * <p>Opening takes time and memory: a program opens a model once and shares it. Each pipeline has
 * blocking methods and, with {@code Async} in their names, methods that return a {@link
 * java.util.concurrent.CompletableFuture}; see {@link Builder#executor}.
 *
 * <p>Thread-safe. Closed by its owner after the last request.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class ShowO2 implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(ShowO2.class.getName());

  /** The backend id of models that {@link #of} made. */
  private static final String CALLERS_BACKEND = "custom";

  private static final int LEAST_TIME_POINTS = 2;

  /** Brought to the model's size as any image is. */
  private static final int WARM_UP_PIXELS = 64;

  private final LoadedModel model;
  private final Backend backend;
  private final TextTokenizer tokenizer;
  private final Ownership ownership;

  /** The parts that closing a model closes. */
  private enum Ownership {
    ALL,
    ALL_BUT_BACKEND,
    NOTHING
  }

  private ShowO2(LoadedModel model, Ownership ownership) {
    this.model = model;
    this.backend = model.backend();
    this.tokenizer = model.tokenizer();
    this.ownership = ownership;
  }

  /**
   * Opens a bundle with the default settings, on the best backend that can run here.
   *
   * @param bundle directory of the bundle
   * @return the model, to be closed by the caller
   * @throws InvalidModelException if the bundle is missing, corrupt or of an unsupported version
   * @throws dev.showo2.error.UnsupportedFeatureException if no backend can run here, or none of
   *     those that can offers the bundle's precisions
   * @throws BackendException if the engine fails
   */
  public static ShowO2 open(Path bundle) {
    return builder(bundle).open();
  }

  /**
   * Begins to open a bundle with settings.
   *
   * @param bundle directory of the bundle
   * @return a builder
   */
  public static Builder builder(Path bundle) {
    return new Builder(bundle);
  }

  /**
   * Makes a model of a backend that the caller opened, such as one of its own or a decorated one.
   * Results name it as "custom". Large images go through the VAE in one piece unless the backend
   * was wrapped with {@link Tiling#wrap}.
   *
   * @param bundle that the backend was opened with
   * @param backend stays the caller's: closing the model does not close it, and it is closed after
   *     the model
   * @return the model, to be closed by the caller
   * @throws InvalidModelException if the bundle's tokenizer is corrupt or belongs to another model
   */
  public static ShowO2 of(Bundle bundle, Backend backend) {
    Objects.requireNonNull(backend, "backend");
    return new ShowO2(
        new LoadedModel(bundle, CALLERS_BACKEND, backend, tokenizer(bundle)),
        Ownership.ALL_BUT_BACKEND);
  }

  /**
   * Makes a view of this model whose requests count as those of one client: with {@link
   * Builder#scheduling}, clients get equal time while each has requests. Conversations that are
   * opened from it count for the client too. Requests of this model itself count for a client
   * without a name. A view costs nothing and keeps nothing; without scheduling it changes nothing.
   *
   * @param client name of a user, a session or an address; equal names are one client
   * @return a view that shares the model; closing it does nothing
   */
  public ShowO2 forClient(String client) {
    Objects.requireNonNull(client, "client");
    return new ShowO2(model.forClient(client), Ownership.NOTHING);
  }

  /** {@return the pipeline that draws images from prompts} */
  public TextToImage textToImage() {
    return new TextToImage(model);
  }

  /** {@return the pipeline that draws several images of a prompt and ranks them} */
  public BestOf bestOf() {
    return new BestOf(model);
  }

  /** {@return the pipeline that changes images: image to image, inpainting, outpainting} */
  public ImageToImage imageToImage() {
    return new ImageToImage(model);
  }

  /** {@return the pipeline that tells stories in text and images} */
  public Story story() {
    return new Story(model);
  }

  /** {@return the pipeline that makes videos from prompts} */
  public TextToVideo textToVideo() {
    return new TextToVideo(model);
  }

  /** {@return the pipeline that makes videos from images} */
  public ImageToVideo imageToVideo() {
    return new ImageToVideo(model);
  }

  /** {@return the pipeline that answers questions on images} */
  public ImageUnderstanding imageUnderstanding() {
    return new ImageUnderstanding(model);
  }

  /** {@return the pipeline that answers questions on videos} */
  public VideoUnderstanding videoUnderstanding() {
    return new VideoUnderstanding(model);
  }

  /** {@return the pipeline that converses without images} */
  public Chat chat() {
    return new Chat(model);
  }

  /**
   * Runs the stages once, so that the first request of a user takes no longer than later ones:
   * engines choose kernels, reserve memory and page weights in with the first call. These run on
   * the calling thread, each where the backend has its stages: one solver step of an image of the
   * model's own size, with guidance as the model recommends, and its decoding; then one token of an
   * answer on that image, or of one without an image. Videos are left out. Results are the same
   * without it.
   *
   * <p>It takes about as long as one solver step, the decoding of an image and its encoding do
   * together: with the released 1.5B model on two CPU cores up to a minute.
   *
   * @throws BackendException if the engine fails, as it would in a request
   * @throws CancelledException if the thread is interrupted
   * @throws IllegalStateException if the model is closed
   */
  public void warmUp() {
    TextOptions oneToken = TextOptions.builder().maxTokens(1).build();
    BufferedImage image = warmUpImages();
    try {
      imageUnderstanding()
          .ask(
              ImageUnderstandingRequest.builder(image, "").options(oneToken).build(),
              GenerationListener.NONE);
    } catch (UnsupportedFeatureException e) {
      warmUpText(oneToken);
    }
  }

  private BufferedImage warmUpImages() {
    try {
      TextToImageRequest request =
          TextToImageRequest.builder("").seed(0).steps(LEAST_TIME_POINTS).build();
      return textToImage().generate(request).image();
    } catch (UnsupportedFeatureException e) {
      // A backend may have the stages of answers alone.
      return new BufferedImage(WARM_UP_PIXELS, WARM_UP_PIXELS, BufferedImage.TYPE_INT_RGB);
    }
  }

  private void warmUpText(TextOptions options) {
    try (Conversation conversation = chat().open()) {
      conversation.ask("", options, GenerationListener.NONE);
    } catch (UnsupportedFeatureException e) {
      // Nor any that writes text.
    }
  }

  /** {@return the bundle that was opened} */
  public Bundle bundle() {
    return model.bundle();
  }

  /** {@return the id of the backend that runs the model} */
  public String backendId() {
    return model.backendId();
  }

  /**
   * Frees the model. Asynchronous requests that have not finished are cancelled, and those that run
   * are waited for, up to their next step. Blocking ones end at their next step with {@link
   * dev.showo2.error.CancelledException}. Later requests fail with {@link IllegalStateException}. A
   * second call does nothing.
   *
   * @throws BackendException if the engine fails to close; the rest is freed all the same
   */
  @Override
  public void close() {
    if (ownership == Ownership.NOTHING) {
      return;
    }
    model.markClosing();
    try (tokenizer) {
      model.requests().close();
      if (ownership == Ownership.ALL) {
        backend.close();
      }
    } finally {
      model.markClosed();
    }
  }

  private static TextTokenizer tokenizer(Bundle bundle) {
    TextTokenizer tokenizer = TextTokenizer.load(bundle.tokenizer());
    try {
      requireSameTokens(bundle, tokenizer);
      return tokenizer;
    } catch (RuntimeException | Error e) {
      try (tokenizer) {
        throw e;
      }
    }
  }

  /** A tokenizer of another model would give ids that mean other words, or none. */
  private static void requireSameTokens(Bundle bundle, TextTokenizer tokenizer) {
    SpecialTokens expected = bundle.manifest().specialTokens();
    if (!tokenizer.specialTokens().equals(expected)) {
      throw new InvalidModelException(
          bundle.tokenizer()
              + " does not belong to this bundle: its tokens should be "
              + expected
              + ", found "
              + tokenizer.specialTokens()
              + "; export the checkpoint again");
    }
    int limit = bundle.architecture().backbone().vocabularySize();
    if (tokenizer.vocabularySize() > limit) {
      throw new InvalidModelException(
          bundle.tokenizer()
              + " does not belong to this bundle: the model knows "
              + limit
              + " tokens, the tokenizer has "
              + tokenizer.vocabularySize()
              + "; export the checkpoint again");
    }
  }

  /** Settings with which a model is opened. Not thread-safe. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  public static final class Builder {

    private final Path bundle;
    private Supplier<Backends> backends = Backends::find;
    private Optional<String> backendId = Optional.empty();
    private BackendConfig config = BackendConfig.defaults();
    private Integrity integrity = Integrity.HASHES;
    private Tiling tiling = Tiling.AUTOMATIC;
    private Optional<Executor> executor = Optional.empty();
    private Optional<Scheduling> scheduling = Optional.empty();
    private ControlTokens controlTokens = ControlTokens.TEXT_IN_QUESTIONS;

    private Builder(Path bundle) {
      this.bundle = Objects.requireNonNull(bundle, "bundle");
    }

    /**
     * Sets the backend to run on. Default: the one that the system property {@value
     * Backends#PROPERTY} names, else the best that can run here and offers the precisions of the
     * bundle.
     *
     * @param id such as "onnx"
     * @return this builder
     */
    public Builder backend(String id) {
      this.backendId = Optional.of(Objects.requireNonNull(id, "id"));
      return this;
    }

    /**
     * Sets the backends to choose from, such as {@link Backends#of} of a provider that the program
     * made, or {@link Backends#find(ClassLoader)} in a container; in place of what {@link
     * #classLoader} set before. Default: {@link Backends#find()}.
     *
     * @param backends to choose from
     * @return this builder
     */
    public Builder backends(Backends backends) {
      Objects.requireNonNull(backends, "backends");
      this.backends = () -> backends;
      return this;
    }

    /**
     * Sets the class loader that finds the backends, beside the SDK's own; in place of what {@link
     * #backends} set before. Default: the context class loader of the thread that calls {@link
     * #open}.
     *
     * @param loader of the application or plug-in that brings the backend
     * @return this builder
     */
    public Builder classLoader(ClassLoader loader) {
      Objects.requireNonNull(loader, "loader");
      this.backends = () -> Backends.find(loader);
      return this;
    }

    /**
     * Sets the whole configuration of the backend, in place of what {@link #device}, {@link
     * #threads}, {@link #shutdownGrace} and {@link #option} set before. Default: {@link
     * BackendConfig#defaults()}.
     *
     * @param config device, threads and options
     * @return this builder
     */
    public Builder config(BackendConfig config) {
      this.config = Objects.requireNonNull(config, "config");
      return this;
    }

    /**
     * Sets the device to compute on. Default: "cpu".
     *
     * @param device "cpu", "cuda", or "cuda:1" for the second GPU
     * @return this builder
     * @throws IllegalArgumentException if it is not a device's name
     */
    public Builder device(String device) {
      return device(Device.parse(device));
    }

    /**
     * Sets the device to compute on. Default: {@link Device#CPU}.
     *
     * @param device of those that the backend documents
     * @return this builder
     */
    public Builder device(Device device) {
      return config(config.toBuilder().device(device).build());
    }

    /**
     * Sets the number of threads for one computation. Default: the engine's own choice.
     *
     * @param threads at least 1
     * @return this builder
     * @throws IllegalArgumentException if there are fewer
     */
    public Builder threads(int threads) {
      return config(config.toBuilder().threads(threads).build());
    }

    /**
     * Sets an option of the backend, which documents its options and refuses those that it does not
     * know. Default: none.
     *
     * @param name of the option
     * @param value as the backend documents it; of several values for one name the last one counts
     * @return this builder
     * @throws IllegalArgumentException if the name is blank
     */
    public Builder option(String name, String value) {
      return config(config.toBuilder().option(name, value).build());
    }

    /**
     * Sets how long requests may go on once the JVM has begun to shut down (SIGTERM, Ctrl-C, {@code
     * System.exit}). Default: zero, the requests that run end with a {@link CancelledException} at
     * once.
     *
     * <p>The JVM runs all shutdown hooks side by side, so a service that finishes its requests in a
     * hook of its own, as Spring Boot's graceful shutdown does, sets the time here that it takes
     * for that, and closes the model afterwards. The JVM's end waits until the model is closed or
     * the time is over; then what still runs is cancelled. No model opens once the JVM has begun to
     * shut down.
     *
     * @param grace zero or more
     * @return this builder
     * @throws IllegalArgumentException if it is negative
     */
    public Builder shutdownGrace(Duration grace) {
      return config(config.toBuilder().shutdownGrace(grace).build());
    }

    /**
     * Sets how thoroughly the bundle's files are checked. Reading every byte of a large model takes
     * seconds to minutes. Default: {@link Integrity#HASHES}, every byte.
     *
     * @param integrity sizes only, or every byte
     * @return this builder
     */
    public Builder integrity(Integrity integrity) {
      this.integrity = Objects.requireNonNull(integrity, "integrity");
      return this;
    }

    /**
     * Sets how large images go through the VAE. Default: {@link Tiling#AUTOMATIC}, in one piece
     * while memory lasts.
     *
     * @param tiling when tiles are used, and of which size
     * @return this builder
     */
    public Builder tiling(Tiling tiling) {
      this.tiling = Objects.requireNonNull(tiling, "tiling");
      return this;
    }

    /**
     * Sets the executor of asynchronous requests; a thread for each request that shall run at once
     * is enough. Default: a daemon thread of the model's own, which runs one request after the
     * other, in the order in which they were started.
     *
     * @param executor stays the caller's to shut down, after the model is closed
     * @return this builder
     */
    public Builder executor(Executor executor) {
      this.executor = Optional.of(Objects.requireNonNull(executor, "executor"));
      return this;
    }

    /**
     * Lets requests that run at the same time take turns, step by step and fairly between clients
     * (see {@link ShowO2#forClient}), and bounds how many run and wait. Asynchronous requests then
     * have a thread each, unless {@link #executor} says otherwise. Default: none; requests of
     * several threads compute side by side and compete for the engine's threads and memory.
     *
     * <p>A request keeps its turn while its listener is called back: a listener returns quickly,
     * and never waits for another request. One that makes a request itself, in its own thread, does
     * so within its turn.
     *
     * @param scheduling limits
     * @return this builder
     */
    public Builder scheduling(Scheduling scheduling) {
      this.scheduling = Optional.of(Objects.requireNonNull(scheduling, "scheduling"));
      return this;
    }

    /**
     * Says whether tokens such as {@code <|im_end|>} that are spelled out in texts are taken as
     * text or recognized.
     *
     * @param controlTokens {@link ControlTokens#TEXT_IN_QUESTIONS} by default, so that a user's
     *     question cannot speak for the system or the model
     * @return this builder
     */
    public Builder controlTokens(ControlTokens controlTokens) {
      this.controlTokens = Objects.requireNonNull(controlTokens, "controlTokens");
      return this;
    }

    /**
     * Opens the model.
     *
     * @return the model, to be closed by the caller
     * @throws InvalidModelException if the bundle is missing, corrupt or of an unsupported version
     * @throws dev.showo2.error.UnsupportedFeatureException if the backend is not there, cannot do
     *     what is asked or does not offer the bundle's precisions
     * @throws BackendException if the engine fails
     * @throws CancelledException if the thread is interrupted, or the JVM is shutting down
     */
    public ShowO2 open() {
      JvmShutdown.Work opening = JvmShutdown.work();
      try (opening) {
        return HeapLimit.guard("opening " + bundle, this::openModel);
      } catch (ShowO2Exception e) {
        // Whatever fails then fails because of it.
        if (JvmShutdown.hasBegun() && !(e instanceof CancelledException)) {
          throw JvmShutdown.cancelled(e);
        }
        throw e;
      }
    }

    private AsyncRequests requests(Optional<Scheduler> scheduler) {
      if (executor.isPresent()) {
        return AsyncRequests.on(executor.get());
      }
      return scheduler.map(AsyncRequests::onOwnThreads).orElseGet(AsyncRequests::onOwnThread);
    }

    private ShowO2 openModel() {
      Interruptions.check();
      Backends choice = backends.get();
      // A backend that cannot run here at all is reported before a large bundle is read.
      choice.select(backendId);
      Bundle opened = Bundle.open(bundle, integrity);
      BackendProvider provider = choice.select(backendId, opened, config.device());
      PrecisionSpeed.here(provider.id())
          .warning(opened.manifest().precision(), config.device())
          .ifPresent(text -> LOGGER.log(System.Logger.Level.WARNING, text));
      Interruptions.check();
      TextTokenizer tokenizer = tokenizer(opened);
      try {
        String id = provider.id();
        Backend backend = provider.open(opened, config);
        if (backend == null) {
          throw new BackendException(
              "the backend '" + id + "' opened nothing; report it to its makers");
        }
        Optional<Scheduler> scheduler = scheduling.map(Scheduler::new);
        return new ShowO2(
            new LoadedModel(
                opened,
                id,
                tiling.wrap(backend),
                tokenizer,
                requests(scheduler),
                controlTokens,
                scheduler),
            Ownership.ALL);
      } catch (RuntimeException | Error e) {
        try (tokenizer) {
          throw e;
        }
      }
    }
  }
}
