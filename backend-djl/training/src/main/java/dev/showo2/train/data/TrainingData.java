package dev.showo2.train.data;

import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.text.TextTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The data of a run: loaders, how they are mixed, and the settings that they share. Immutable; it
 * closes neither sources nor tokenizer.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TrainingData {

  private final TextTokenizer tokenizer;
  private final Architecture architecture;
  private final List<RowLoader> loaders;
  private final LoaderMixing mixing;
  private final long seed;
  private final BadExamples badExamples;
  private final boolean repeated;
  private final boolean sampledLatents;
  private final int readAhead;
  private final Optional<String> passOf;
  private final Optional<Path> cacheFolder;
  private final String vae;
  private final Optional<FeatureSource> features;

  private TrainingData(Builder builder) {
    tokenizer = builder.tokenizer;
    architecture = builder.architecture;
    loaders = List.copyOf(builder.loaders);
    mixing = builder.mixing;
    seed = builder.seed;
    badExamples = builder.badExamples;
    repeated = builder.repeated;
    sampledLatents = builder.sampledLatents;
    readAhead = builder.readAhead;
    passOf = builder.passOf;
    cacheFolder = builder.cacheFolder;
    vae = builder.vae;
    features = builder.features;
  }

  /**
   * Begins the data of a run.
   *
   * @param tokenizer of the model; stays open for as long as batches are drawn
   * @param architecture of the model
   * @return a builder without loaders
   */
  public static Builder builder(TextTokenizer tokenizer, Architecture architecture) {
    return new Builder(tokenizer, architecture);
  }

  /**
   * Begins to draw batches.
   *
   * @param backend whose VAE encodes images; stays open for as long as batches are drawn, and is
   *     used by the thread that asks for a batch alone
   * @return batches from the beginning of the data, which the caller closes
   */
  public TrainingBatches open(Backend backend) {
    return new TrainingBatches(this, backend);
  }

  /**
   * Returns the loaders.
   *
   * @return in the order in which they were added
   */
  public List<RowLoader> loaders() {
    return loaders;
  }

  TextTokenizer tokenizer() {
    return tokenizer;
  }

  Architecture architecture() {
    return architecture;
  }

  LoaderMixing mixing() {
    return mixing;
  }

  long seed() {
    return seed;
  }

  BadExamples badExamples() {
    return badExamples;
  }

  boolean repeated() {
    return repeated;
  }

  boolean sampledLatents() {
    return sampledLatents;
  }

  int readAhead() {
    return readAhead;
  }

  Optional<Path> cacheFolder() {
    return cacheFolder;
  }

  String vae() {
    return vae;
  }

  Optional<FeatureSource> features() {
    return features;
  }

  /** The loader whose examples make a pass. */
  int passLoader() {
    int longest = 0;
    for (int i = 0; i < loaders.size(); i++) {
      if (passOf.isPresent() && passOf.get().equals(loaders.get(i).name())) {
        return i;
      }
      if (batches(i) > batches(longest)) {
        longest = i;
      }
    }
    return longest;
  }

  private long batches(int loader) {
    return loaders.get(loader).source().size() / loaders.get(loader).rows();
  }

  /** Builds the data of a run. Not thread-safe. */
  public static final class Builder {

    private final TextTokenizer tokenizer;
    private final Architecture architecture;
    private final List<RowLoader> loaders = new ArrayList<>();
    private LoaderMixing mixing = LoaderMixing.SIDE_BY_SIDE;
    private long seed = 10086;
    private BadExamples badExamples = BadExamples.STOP;
    private boolean repeated = true;
    private boolean sampledLatents = true;
    private int readAhead = 2;
    private Optional<String> passOf = Optional.empty();
    private Optional<Path> cacheFolder = Optional.empty();
    private String vae = "";
    private Optional<FeatureSource> features = Optional.empty();

    private Builder(TextTokenizer tokenizer, Architecture architecture) {
      this.tokenizer = Objects.requireNonNull(tokenizer, "tokenizer");
      this.architecture = Objects.requireNonNull(architecture, "architecture");
    }

    /**
     * Adds a loader.
     *
     * @param loader whose name no other one has
     * @return this builder
     * @throws IllegalArgumentException if another one has its name
     */
    public Builder add(RowLoader loader) {
      if (loaders.stream().anyMatch(other -> other.name().equals(loader.name()))) {
        throw new IllegalArgumentException(
            "two loaders are named '" + loader.name() + "'; name one differently");
      }
      loaders.add(loader);
      return this;
    }

    /**
     * Sets how batches are made of several loaders. Side by side by default.
     *
     * @param value the way
     * @return this builder
     */
    public Builder mixing(LoaderMixing value) {
      mixing = Objects.requireNonNull(value, "mixing");
      return this;
    }

    /**
     * Sets the seed of noise, times, order and all other choices. 10086 by default.
     *
     * @param value any; noise and times are those of torch with this seed
     * @return this builder
     */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /**
     * Sets what happens to unusable examples. The run stops by default.
     *
     * @param value skip or stop
     * @return this builder
     */
    public Builder badExamples(BadExamples value) {
      badExamples = Objects.requireNonNull(value, "badExamples");
      return this;
    }

    /**
     * Sets whether the data begin again after a pass. True by default.
     *
     * @param value false to end after one pass, without its last batch if that is incomplete
     * @return this builder
     */
    public Builder repeated(boolean value) {
      repeated = value;
      return this;
    }

    /**
     * Sets whether latents are drawn from the distribution of the VAE, as the official scripts do.
     * True by default.
     *
     * @param value false for its mean
     * @return this builder
     */
    public Builder sampledLatents(boolean value) {
      sampledLatents = value;
      return this;
    }

    /**
     * Sets the number of batches whose texts and images are read ahead on a thread. 2 by default.
     *
     * @param value from 0, which reads on the thread that asks for a batch, to 64
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public Builder readAhead(int value) {
      if (value < 0 || value > 64) {
        throw new IllegalArgumentException("read ahead must be from 0 to 64, found " + value);
      }
      readAhead = value;
      return this;
    }

    /**
     * Sets the loader whose examples make a pass; the others begin again as often as needed. The
     * one with the most batches by default.
     *
     * @param loader its name
     * @return this builder
     */
    public Builder passOf(String loader) {
      passOf = Optional.of(loader);
      return this;
    }

    /**
     * Keeps the distributions of encoded images in a folder, by the content of the image. Not kept
     * by default.
     *
     * @param folder created if absent; several runs may share it
     * @param vaeId identifies the weights of the VAE, such as their SHA-256
     * @return this builder
     */
    public Builder latentCache(Path folder, String vaeId) {
      cacheFolder = Optional.of(folder);
      vae = Objects.requireNonNull(vaeId, "vaeId");
      return this;
    }

    /**
     * Gives a teacher's features of the images, so that batches are those of distillation. None by
     * default.
     *
     * @param source stored or computed features
     * @return this builder
     */
    public Builder features(FeatureSource source) {
      features = Optional.of(source);
      return this;
    }

    /**
     * Builds the data.
     *
     * @return them
     * @throws IllegalArgumentException if there is no loader, rows of a batch differ in the shape
     *     of their latents, the loader of a pass is unknown, or images alone stand beside other
     *     rows or without features
     */
    public TrainingData build() {
      if (loaders.isEmpty()) {
        throw new IllegalArgumentException("add at least one loader");
      }
      if (passOf.isPresent() && loaders.stream().noneMatch(l -> l.name().equals(passOf.get()))) {
        throw new IllegalArgumentException("there is no loader named '" + passOf.get() + "'");
      }
      for (RowLoader loader : loaders) {
        if ((loader.kind() == RowKind.IMAGE) != features.isPresent()) {
          throw new IllegalArgumentException(
              loader.name()
                  + ": "
                  + (features.isPresent()
                      ? "a teacher's features are for rows of the kind IMAGE, found "
                          + loader.kind()
                      : "rows of the kind IMAGE need a teacher's features"));
        }
      }
      return new TrainingData(this);
    }
  }
}
