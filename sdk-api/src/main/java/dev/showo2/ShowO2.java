package dev.showo2;

import dev.showo2.error.BackendException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Bundle;
import dev.showo2.model.Integrity;
import dev.showo2.model.SpecialTokens;
import dev.showo2.pipeline.BestOf;
import dev.showo2.pipeline.Chat;
import dev.showo2.pipeline.ImageToImage;
import dev.showo2.pipeline.ImageToVideo;
import dev.showo2.pipeline.ImageUnderstanding;
import dev.showo2.pipeline.Story;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToVideo;
import dev.showo2.pipeline.VideoUnderstanding;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Backends;
import dev.showo2.text.TextTokenizer;
import dev.showo2.tiling.Tiling;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The door to the SDK: a model that is open and ready to draw and to answer.
 *
 * <pre>{@code
 * try (ShowO2 model = ShowO2.open(Path.of("bundle"))) {
 *   GeneratedImage image = model.textToImage().generate(TextToImageRequest.of("a red circle"));
 *   image.savePng(Path.of("image.png"));
 * }
 * }</pre>
 *
 * <p>Opening takes time and memory; open once and share. Thread-safe; close it after the last
 * request.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ShowO2 implements AutoCloseable {

  private final LoadedModel model;

  private ShowO2(LoadedModel model) {
    this.model = model;
  }

  /**
   * Opens a bundle on the best backend that can run here.
   *
   * @throws dev.showo2.error.InvalidModelException if the bundle is damaged or of another kind
   * @throws dev.showo2.error.UnsupportedFeatureException if no backend can run here, or none of
   *     those that can offers the bundle's precisions
   */
  public static ShowO2 open(Path bundle) {
    return builder(bundle).open();
  }

  /** A model that is opened with settings of its own. */
  public static Builder builder(Path bundle) {
    return new Builder(bundle);
  }

  /** Draws images. */
  public TextToImage textToImage() {
    return new TextToImage(model);
  }

  /** Draws several images and ranks them. */
  public BestOf bestOf() {
    return new BestOf(model);
  }

  /** Changes images. */
  public ImageToImage imageToImage() {
    return new ImageToImage(model);
  }

  /** Tells stories in text and images. */
  public Story story() {
    return new Story(model);
  }

  /** Makes videos from prompts. */
  public TextToVideo textToVideo() {
    return new TextToVideo(model);
  }

  /** Sets images in motion. */
  public ImageToVideo imageToVideo() {
    return new ImageToVideo(model);
  }

  /** Answers questions on images. */
  public ImageUnderstanding imageUnderstanding() {
    return new ImageUnderstanding(model);
  }

  /** Answers questions on videos. */
  public VideoUnderstanding videoUnderstanding() {
    return new VideoUnderstanding(model);
  }

  /** Talks. */
  public Chat chat() {
    return new Chat(model);
  }

  /** What was opened. */
  public Bundle bundle() {
    return model.bundle();
  }

  /** The id of the backend that runs the model. */
  public String backendId() {
    return model.backendId();
  }

  /** Frees the model. A second call does nothing. */
  @Override
  public void close() {
    TextTokenizer tokenizer = model.tokenizer();
    try (tokenizer) {
      model.backend().close();
    }
  }

  /** Collects how a model is to be opened. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Builder {

    private final Path bundle;
    private Optional<String> backendId = Optional.empty();
    private BackendConfig config = BackendConfig.defaults();
    private Integrity integrity = Integrity.HASHES;
    private Tiling tiling = Tiling.AUTOMATIC;

    private Builder(Path bundle) {
      this.bundle = Objects.requireNonNull(bundle, "bundle");
    }

    /**
     * The backend to run on, such as "onnx"; left open, the best that can run here and offers the
     * precisions of the bundle.
     */
    public Builder backend(String id) {
      this.backendId = Optional.of(Objects.requireNonNull(id, "id"));
      return this;
    }

    /** Device, threads and options of the backend. */
    public Builder config(BackendConfig config) {
      this.config = Objects.requireNonNull(config, "config");
      return this;
    }

    /** How thoroughly the bundle's files are checked; by default every byte. */
    public Builder integrity(Integrity integrity) {
      this.integrity = Objects.requireNonNull(integrity, "integrity");
      return this;
    }

    /** How large images go through the VAE; by default in one piece while memory lasts. */
    public Builder tiling(Tiling tiling) {
      this.tiling = Objects.requireNonNull(tiling, "tiling");
      return this;
    }

    /**
     * Opens the model.
     *
     * @throws dev.showo2.error.InvalidModelException if the bundle is damaged or of another kind
     * @throws dev.showo2.error.UnsupportedFeatureException if the backend is not there, cannot do
     *     what is asked or does not offer the bundle's precisions
     * @throws dev.showo2.error.BackendException if the engine fails
     */
    public ShowO2 open() {
      Backends backends = Backends.find();
      // What cannot run here at all is told before a large bundle is read.
      backends.select(backendId);
      Bundle opened = Bundle.open(bundle, integrity);
      BackendProvider provider = backends.select(backendId, opened);
      TextTokenizer tokenizer = TextTokenizer.load(opened.tokenizer());
      try {
        requireSameTokens(opened, tokenizer);
        String id = provider.id();
        Backend backend = provider.open(opened, config);
        if (backend == null) {
          throw new BackendException(
              "the backend '" + id + "' opened nothing; report it to its makers");
        }
        return new ShowO2(new LoadedModel(opened, id, tiling.wrap(backend), tokenizer));
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
  }
}
