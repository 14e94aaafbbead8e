package dev.showo2.train.data;

import java.util.Locale;
import java.util.Objects;
import org.apiguardian.api.API;

/** Examples and the rows that are made of them. Immutable; it does not close its source. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RowLoader {

  private final ExampleSource source;
  private final RowKind kind;
  private final String name;
  private final int rows;
  private final double weight;
  private final int length;
  private final ConversationStage stage;
  private final double promptDropout;
  private final double cleanImages;
  private final int mostImages;
  private final int frames;
  private final double frameRate;
  private final int width;
  private final int height;
  private final int leastWidth;
  private final int leastHeight;
  private final boolean shuffled;
  private final VideoLayout videoLayout;
  private final String storyOpening;
  private final boolean unusedSlots;

  private RowLoader(Builder builder) {
    source = builder.source;
    kind = builder.kind;
    name = builder.name;
    rows = builder.rows;
    weight = builder.weight;
    length = builder.length;
    stage = builder.stage;
    promptDropout = builder.promptDropout;
    cleanImages = builder.cleanImages;
    mostImages = builder.mostImages;
    frames = builder.frames > 0 ? builder.frames : builder.usualFrames();
    frameRate = builder.frameRate;
    width = builder.width;
    height = builder.height;
    leastWidth = builder.leastWidth;
    leastHeight = builder.leastHeight;
    shuffled = builder.shuffled;
    videoLayout = builder.videoLayout;
    storyOpening = builder.storyOpening;
    unusedSlots = builder.unusedSlots;
  }

  /**
   * Begins a loader.
   *
   * @param source of examples; stays open for as long as batches are drawn
   * @param kind of rows
   * @return a builder with the official settings
   */
  public static Builder builder(ExampleSource source, RowKind kind) {
    return new Builder(source, kind);
  }

  /**
   * Returns the examples.
   *
   * @return the source
   */
  public ExampleSource source() {
    return source;
  }

  /**
   * Returns the kind of rows.
   *
   * @return the kind
   */
  public RowKind kind() {
    return kind;
  }

  /**
   * Returns what messages call the loader.
   *
   * @return the kind of rows in lower case unless set
   */
  public String name() {
    return name;
  }

  /**
   * Returns the number of rows that it adds to a batch.
   *
   * @return 1 or more
   */
  public int rows() {
    return rows;
  }

  /**
   * Returns the weight with which a batch is drawn from it.
   *
   * @return more than 0
   */
  public double weight() {
    return weight;
  }

  /**
   * Returns the length S to which rows are padded and cut.
   *
   * @return in tokens
   */
  public int length() {
    return length;
  }

  ConversationStage stage() {
    return stage;
  }

  double promptDropout() {
    return promptDropout;
  }

  double cleanImages() {
    return cleanImages;
  }

  int mostImages() {
    return kind == RowKind.INTERLEAVED ? mostImages : 1;
  }

  int frames() {
    return kind.video() ? frames : 1;
  }

  double frameRate() {
    return frameRate;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  int leastWidth() {
    return leastWidth;
  }

  int leastHeight() {
    return leastHeight;
  }

  boolean shuffled() {
    return shuffled;
  }

  VideoLayout videoLayout() {
    return videoLayout;
  }

  String storyOpening() {
    return storyOpening;
  }

  boolean unusedSlots() {
    return unusedSlots;
  }

  /** Whatever changes rows or their order; of a run that is resumed it must be the same. */
  String settings() {
    return String.join(
        ",",
        name,
        kind.name(),
        String.valueOf(rows),
        String.valueOf(weight),
        String.valueOf(length),
        stage.id(),
        String.valueOf(promptDropout),
        String.valueOf(cleanImages),
        String.valueOf(mostImages()),
        String.valueOf(frames()),
        String.valueOf(frameRate),
        width + "x" + height,
        leastWidth + "x" + leastHeight,
        String.valueOf(shuffled),
        videoLayout.name(),
        storyOpening,
        String.valueOf(unusedSlots));
  }

  /** Builds loaders. Not thread-safe. */
  public static final class Builder {

    private final ExampleSource source;
    private final RowKind kind;
    private String name;
    private int rows = 1;
    private double weight = 1;
    private int length = 1024;
    private ConversationStage stage = ConversationStage.TUNING;
    private double promptDropout = 0.1;
    private double cleanImages = 0.7;
    private int mostImages = 4;
    private int frames;
    private double frameRate = 8;
    private int width;
    private int height;
    private int leastWidth = 1;
    private int leastHeight = 1;
    private boolean shuffled = true;
    private VideoLayout videoLayout;
    private String storyOpening = TrainingRows.STORY;
    private boolean unusedSlots;

    private Builder(ExampleSource source, RowKind kind) {
      this.source = Objects.requireNonNull(source, "source");
      this.kind = Objects.requireNonNull(kind, "kind");
      this.name = kind.name().toLowerCase(Locale.ROOT);
      this.videoLayout = kind == RowKind.VIDEO_CONVERSATION ? VideoLayout.FRAMES : VideoLayout.CLIP;
    }

    /**
     * Names the loader for messages and reports. The kind of rows by default.
     *
     * @param value not empty
     * @return this builder
     */
    public Builder name(String value) {
      require(!value.isBlank(), "the name of a loader must not be blank", value);
      name = value;
      return this;
    }

    /**
     * Sets the number of rows that the loader adds to a batch. 1 by default.
     *
     * @param value 1 or more
     * @return this builder
     */
    public Builder rows(int value) {
      require(value >= 1, "rows must be 1 or more", value);
      rows = value;
      return this;
    }

    /**
     * Sets the weight with which batches are drawn from the loader. 1 by default; without effect
     * unless batches are drawn {@linkplain LoaderMixing#BY_WEIGHT by weight}.
     *
     * @param value more than 0
     * @return this builder
     */
    public Builder weight(double value) {
      require(value > 0 && value < Double.POSITIVE_INFINITY, "weight must be above 0", value);
      weight = value;
      return this;
    }

    /**
     * Sets S, to which rows are padded and cut. 1024 by default; without effect on images alone.
     *
     * @param value in tokens
     * @return this builder
     */
    public Builder length(int value) {
      require(value >= 1, "length must be 1 or more", value);
      length = value;
      return this;
    }

    /**
     * Sets the layout of conversations. Tuning by default.
     *
     * @param value the stage
     * @return this builder
     */
    public Builder stage(ConversationStage value) {
      stage = Objects.requireNonNull(value, "stage");
      return this;
    }

    /**
     * Sets the share of prompts that are dropped. 0.1 by default; of rows to draw an image or video
     * only.
     *
     * @param value from 0 to 1
     * @return this builder
     */
    public Builder promptDropout(double value) {
      require(value >= 0 && value <= 1, "prompt dropout must be from 0 to 1", value);
      promptDropout = value;
      return this;
    }

    /**
     * Sets the share of interleaved rows whose first images are clean, and of images alone that
     * are. 0.7 by default.
     *
     * @param value from 0 to 1
     * @return this builder
     */
    public Builder cleanImages(double value) {
      require(value >= 0 && value <= 1, "the share of clean images must be from 0 to 1", value);
      cleanImages = value;
      return this;
    }

    /**
     * Sets the most images of an interleaved row; of longer stories a part is drawn. 4 by default.
     *
     * @param value 1 or more
     * @return this builder
     */
    public Builder mostImages(int value) {
      require(value >= 1, "most images must be 1 or more", value);
      mostImages = value;
      return this;
    }

    /**
     * Sets the frames of videos. By default 17 of clips, and 32 of conversations as video
     * understanding has them.
     *
     * @param value 1, 5, 9, … of clips: four for each latent frame after the first; of {@link
     *     VideoLayout#FRAMES} 1 or more
     * @return this builder
     */
    public Builder frames(int value) {
      require(value >= 1, "frames must be 1 or more", value);
      frames = value;
      return this;
    }

    private int usualFrames() {
      return videoLayout == VideoLayout.FRAMES ? 32 : 17;
    }

    /**
     * Sets how videos of conversations stand in rows. {@link VideoLayout#FRAMES} by default, as
     * video understanding asks; other rows have clips.
     *
     * @param value frames or a clip
     * @return this builder
     */
    public Builder videoLayout(VideoLayout value) {
      require(
          value == VideoLayout.CLIP || kind == RowKind.VIDEO_CONVERSATION,
          "frames are for conversations on videos alone",
          kind);
      videoLayout = value;
      return this;
    }

    /**
     * Sets the first words of interleaved rows, which have no labels. Those of the official code by
     * default; at inference a story begins with its prompt alone.
     *
     * @param value may be empty
     * @return this builder
     */
    public Builder storyOpening(String value) {
      storyOpening = Objects.requireNonNull(value, "storyOpening");
      return this;
    }

    /**
     * Sets whether slots of rows with fewer images than others are without effect. False by
     * default: in the official code they replace the embedding of the first token, at inference
     * nothing does.
     *
     * @param value true for rows as at inference
     * @return this builder
     */
    public Builder unusedSlots(boolean value) {
      unusedSlots = value;
      return this;
    }

    /**
     * Sets the rate at which the frames of videos to make and of captions are taken. 8 by default.
     *
     * @param value in frames a second, more than 0
     * @return this builder
     */
    public Builder frameRate(double value) {
      require(value > 0 && value <= 1000, "frame rate must be above 0 and at most 1000", value);
      frameRate = value;
      return this;
    }

    /**
     * Sets the size to which images are scaled. That of the checkpoint by default.
     *
     * @param w width in pixels
     * @param h height in pixels
     * @return this builder
     */
    public Builder size(int w, int h) {
      require(w >= 1 && h >= 1, "width and height must be 1 or more", w + "x" + h);
      width = w;
      height = h;
      return this;
    }

    /**
     * Sets the least size of images. Any size by default.
     *
     * @param w width in pixels
     * @param h height in pixels
     * @return this builder
     */
    public Builder leastSize(int w, int h) {
      require(w >= 1 && h >= 1, "width and height must be 1 or more", w + "x" + h);
      leastWidth = w;
      leastHeight = h;
      return this;
    }

    /**
     * Sets whether examples are shuffled in each pass. True by default.
     *
     * @param value false for the order of the source
     * @return this builder
     */
    public Builder shuffled(boolean value) {
      shuffled = value;
      return this;
    }

    /**
     * Builds the loader.
     *
     * @return it
     * @throws IllegalArgumentException if clips cannot have so many frames
     */
    public RowLoader build() {
      require(
          videoLayout == VideoLayout.FRAMES || frames == 0 || frames % 4 == 1,
          "frames must be 1, 5, 9, 13, 17, …",
          frames);
      return new RowLoader(this);
    }

    private static void require(boolean condition, String expected, Object found) {
      if (!condition) {
        throw new IllegalArgumentException(expected + ", found " + found);
      }
    }
  }
}
