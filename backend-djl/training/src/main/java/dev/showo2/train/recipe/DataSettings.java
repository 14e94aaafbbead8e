package dev.showo2.train.recipe;

import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.internal.Sha256;
import dev.showo2.text.TextTokenizer;
import dev.showo2.train.data.BadExamples;
import dev.showo2.train.data.ConversationStage;
import dev.showo2.train.data.DataFormat;
import dev.showo2.train.data.ExampleSource;
import dev.showo2.train.data.FeatureSource;
import dev.showo2.train.data.LoaderMixing;
import dev.showo2.train.data.RowKind;
import dev.showo2.train.data.RowLoader;
import dev.showo2.train.data.TrainingData;
import dev.showo2.train.data.VideoLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The section {@code data} of a configuration. */
record DataSettings(
    List<Loader> loaders, Consumer<TrainingData.Builder> shared, Optional<Path> latentCache) {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");

  /**
   * A loader.
   *
   * @param settings of the builder, applied when the examples are open
   */
  record Loader(
      DataFormat format,
      Path path,
      Optional<Path> images,
      RowKind kind,
      Consumer<RowLoader.Builder> settings) {}

  static DataSettings of(ConfigSection section, Path base) {
    List<Loader> loaders = new ArrayList<>();
    for (ConfigSection loader : section.sections("loaders")) {
      loaders.add(loader(loader, base));
    }
    if (loaders.isEmpty()) {
      throw section.missing("loaders", "loaders:");
    }
    List<Consumer<TrainingData.Builder>> settings = new ArrayList<>();
    section
        .choice("mixing", LoaderMixing.class)
        .ifPresent(value -> settings.add(builder -> builder.mixing(value)));
    section
        .choice("bad-examples", BadExamples.class)
        .ifPresent(value -> settings.add(builder -> builder.badExamples(value)));
    section
        .integer("seed", Long.MIN_VALUE, Long.MAX_VALUE)
        .ifPresent(value -> settings.add(builder -> builder.seed(value)));
    section
        .integer("read-ahead", 0, 64)
        .ifPresent(value -> settings.add(builder -> builder.readAhead((int) value)));
    section.text("pass-of").ifPresent(value -> settings.add(builder -> builder.passOf(value)));
    boolean sampled = section.flag("sampled-latents", true);
    settings.add(builder -> builder.sampledLatents(sampled));
    Optional<Path> cache = section.text("latent-cache").map(base::resolve);
    section.refuseOthers();
    return new DataSettings(
        List.copyOf(loaders),
        builder -> settings.forEach(setting -> setting.accept(builder)),
        cache);
  }

  private static Loader loader(ConfigSection section, Path base) {
    RowKind kind =
        section
            .choice("rows-of", RowKind.class)
            .orElseThrow(() -> section.missing("rows-of", "rows-of: text-to-image"));
    DataFormat format =
        section
            .choice("format", DataFormat.class)
            .orElseThrow(() -> section.missing("format", "format: json-lines"));
    Path path = base.resolve(section.requireText("path", "path: captions.jsonl"));
    Optional<Path> images = section.text("images").map(base::resolve);
    List<Consumer<RowLoader.Builder>> settings = new ArrayList<>();
    section.text("name").ifPresent(value -> settings.add(builder -> builder.name(value)));
    integer(section, "rows", value -> builder -> builder.rows(value), settings);
    integer(section, "length", value -> builder -> builder.length(value), settings);
    integer(section, "most-images", value -> builder -> builder.mostImages(value), settings);
    integer(section, "frames", value -> builder -> builder.frames(value), settings);
    number(section, "weight", value -> builder -> builder.weight(value), settings);
    number(section, "prompt-dropout", value -> builder -> builder.promptDropout(value), settings);
    number(section, "clean-images", value -> builder -> builder.cleanImages(value), settings);
    number(section, "frame-rate", value -> builder -> builder.frameRate(value), settings);
    section
        .choice("stage", ConversationStage.class)
        .ifPresent(value -> settings.add(builder -> builder.stage(value)));
    section
        .choice("video-layout", VideoLayout.class)
        .ifPresent(value -> settings.add(builder -> builder.videoLayout(value)));
    section
        .text("story-opening")
        .ifPresent(value -> settings.add(builder -> builder.storyOpening(value)));
    boolean unused = section.flag("unused-slots", false);
    settings.add(builder -> builder.unusedSlots(unused));
    size(section, "size").ifPresent(size -> settings.add(b -> b.size(size[0], size[1])));
    size(section, "least-size").ifPresent(size -> settings.add(b -> b.leastSize(size[0], size[1])));
    boolean shuffled = section.flag("shuffled", true);
    settings.add(builder -> builder.shuffled(shuffled));
    section.refuseOthers();
    return new Loader(
        format,
        path,
        images,
        kind,
        builder ->
            section.checked(
                () -> {
                  settings.forEach(setting -> setting.accept(builder));
                  return builder.build();
                }));
  }

  private interface Setting<T> {
    Consumer<RowLoader.Builder> of(T value);
  }

  private static void integer(
      ConfigSection section,
      String key,
      Setting<Integer> setting,
      List<Consumer<RowLoader.Builder>> settings) {
    OptionalLong value = section.integer(key, 1, Integer.MAX_VALUE);
    value.ifPresent(number -> settings.add(setting.of((int) number)));
  }

  private static void number(
      ConfigSection section,
      String key,
      Setting<Double> setting,
      List<Consumer<RowLoader.Builder>> settings) {
    section
        .number(key, value -> value >= 0, "0 or more")
        .ifPresent(number -> settings.add(setting.of(number)));
  }

  private static Optional<int[]> size(ConfigSection section, String key) {
    return section
        .text(key)
        .map(
            text -> {
              Matcher size = SIZE.matcher(text);
              if (!size.matches()) {
                throw section.error(
                    key, "'" + key + "' needs width and height such as 432x432, found " + text);
              }
              return new int[] {Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2))};
            });
  }

  /**
   * Opens the files.
   *
   * @return examples of each loader, to be closed by the caller
   */
  List<ExampleSource> open() {
    List<ExampleSource> sources = new ArrayList<>();
    try {
      for (Loader loader : loaders) {
        sources.add(loader.format().open(loader.path(), loader.images().orElse(null)));
      }
      return sources;
    } catch (RuntimeException | Error e) {
      sources.forEach(ExampleSource::close);
      throw e;
    }
  }

  /**
   * @param sources of {@link #open}
   * @param features of a teacher
   */
  TrainingData data(
      List<ExampleSource> sources,
      Bundle bundle,
      TextTokenizer tokenizer,
      Optional<FeatureSource> features) {
    TrainingData.Builder data = builder(sources, bundle.architecture(), tokenizer, features);
    latentCache.ifPresent(folder -> data.latentCache(folder, vae(bundle)));
    return data.repeated(true).build();
  }

  /** The data of one pass, of which nothing is encoded. */
  TrainingData onePass(
      List<ExampleSource> sources,
      Architecture architecture,
      TextTokenizer tokenizer,
      Optional<FeatureSource> features) {
    return builder(sources, architecture, tokenizer, features).repeated(false).build();
  }

  private TrainingData.Builder builder(
      List<ExampleSource> sources,
      Architecture architecture,
      TextTokenizer tokenizer,
      Optional<FeatureSource> features) {
    TrainingData.Builder data = TrainingData.builder(tokenizer, architecture);
    features.ifPresent(data::features);
    for (int i = 0; i < loaders.size(); i++) {
      RowLoader.Builder loader = RowLoader.builder(sources.get(i), loaders.get(i).kind());
      loaders.get(i).settings().accept(loader);
      data.add(loader.build());
    }
    shared.accept(data);
    return data;
  }

  /** Latents depend on the weights of the VAE, which its files in the manifest identify. */
  private static String vae(Bundle bundle) {
    StringBuilder hashes = new StringBuilder();
    bundle.manifest().files().stream()
        .filter(file -> file.name().startsWith("vae"))
        .forEach(file -> hashes.append(file.sha256()).append(' '));
    return Sha256.of(hashes.toString().getBytes(StandardCharsets.UTF_8));
  }
}
