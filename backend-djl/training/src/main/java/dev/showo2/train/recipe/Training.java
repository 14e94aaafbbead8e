package dev.showo2.train.recipe;

import com.google.gson.JsonObject;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportPrecision;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.export.internal.io.JsonFile;
import dev.showo2.media.internal.PendingFile;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleManifest;
import dev.showo2.spi.support.Closer;
import dev.showo2.text.TextTokenizer;
import dev.showo2.train.Schedule;
import dev.showo2.train.TrainingListener;
import dev.showo2.train.TrainingRun;
import dev.showo2.train.TrainingRunBuilder;
import dev.showo2.train.TrainingStep;
import dev.showo2.train.checkpoint.AdapterCheckpoint;
import dev.showo2.train.checkpoint.ReleaseRequest;
import dev.showo2.train.checkpoint.ReleasedCheckpoint;
import dev.showo2.train.checkpoint.WeightViews;
import dev.showo2.train.data.DataReport;
import dev.showo2.train.data.DryRun;
import dev.showo2.train.data.ExampleSource;
import dev.showo2.train.data.FeatureSource;
import dev.showo2.train.data.TrainingBatches;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Trains as a configuration says, from model and data to the checkpoint in the released layout.
 *
 * <p>The folder of a run holds {@code config.yaml}, a copy of the configuration; {@code bundle},
 * the model that it began with, if that was a checkpoint; the newest {@code checkpoint-N}; {@code
 * metrics.csv} and {@code metrics.jsonl} with a line for each step; {@code curves.png}; {@code
 * samples}; and in the end {@code result}, a checkpoint or a PEFT folder.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Training {

  /** The folder of the result within that of the run. */
  public static final String RESULT = "result";

  private static final String CONFIG = "config.yaml";
  private static final String ORIGIN = "run.json";
  private static final String BUNDLE = "bundle";

  private Training() {}

  /**
   * The end of a training.
   *
   * @param run steps and last checkpoint
   * @param data counts of rows and of what could not be used, since the run began or went on
   * @param result the trained checkpoint or adapter; nothing if the run was stopped before its end
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Outcome(TrainingRun.Result run, DataReport data, Optional<Path> result) {}

  /**
   * Begins a training.
   *
   * @param config what to do
   * @param listener called on the way
   * @param export called while a checkpoint is exported to a bundle
   * @return the end
   * @throws InvalidRequestException if model or data are not as the configuration says, or its
   *     folder has files in it
   * @throws dev.showo2.error.UnsupportedFeatureException if no backend can train here
   * @throws dev.showo2.train.TrainingDivergedException if losses, gradients or weights are no
   *     longer finite
   * @throws IOException if files cannot be written
   */
  public static Outcome start(
      TrainingConfig config, TrainingListener listener, ExportListener export) throws IOException {
    Path folder = config.folder();
    if (Files.exists(folder.resolve(CONFIG))) {
      throw new InvalidRequestException(
          folder + " holds a run already; resume it, or name another folder");
    }
    return train(config, new Begun(config, listener), export, TrainingRun::start);
  }

  /**
   * Goes on with a training from its newest checkpoint, or begins anew if there is none yet. The
   * configuration is that of the folder, which may have been changed where that leaves model, data
   * and what is trained the same.
   *
   * @param folder of the run
   * @param listener called on the way
   * @param export called while a checkpoint is exported to a bundle
   * @return the end
   * @throws InvalidRequestException if there is no run in the folder, or model, data or what is
   *     trained is not what it was begun with
   * @throws dev.showo2.train.TrainingDivergedException as for {@link #start}
   * @throws IOException if files cannot be written
   */
  public static Outcome resume(Path folder, TrainingListener listener, ExportListener export)
      throws IOException {
    if (!Files.isRegularFile(folder.resolve(CONFIG))) {
      throw new InvalidRequestException(
          "no run in " + folder + ": " + CONFIG + " is missing; name the folder of a run");
    }
    Path absolute = folder.toAbsolutePath().normalize();
    TrainingConfig config =
        TrainingConfig.parse(
            TrainingConfig.text(absolute.resolve(CONFIG)),
            folder.resolve(CONFIG).toString(),
            Path.of(JsonFile.read(absolute.resolve(ORIGIN)).string("base")),
            Optional.of(absolute));
    return train(
        config,
        listener,
        export,
        TrainingRun.hasCheckpoint(absolute) ? TrainingRun::resume : TrainingRun::start);
  }

  /**
   * Prints the first rows that the data become, token by token with labels and spans, and counts of
   * all. Trains nothing.
   *
   * @param config what would be done
   * @param out to print to
   * @param rows of each loader that are printed; 0 or more
   * @return the counts
   * @throws InvalidRequestException if model or data are not as the configuration says
   * @throws IOException if printing or reading fails
   */
  public static DataReport dryRun(TrainingConfig config, Appendable out, int rows)
      throws IOException {
    try (Sources sources = new Sources(config);
        RowModel model = RowModel.open(config)) {
      return DryRun.of(
              config
                  .data()
                  .onePass(
                      sources.examples,
                      model.architecture(),
                      model.tokenizer(),
                      sources.teacher.map(teacher -> teacher.described(model.architecture()))))
          .print(out, rows);
    }
  }

  /** Copies the configuration to the folder of the run once nobody else writes to that. */
  private record Begun(TrainingConfig config, TrainingListener delegate)
      implements TrainingListener {

    @Override
    public void started(long done, long total) {
      JsonObject origin = new JsonObject();
      origin.addProperty("base", config.base().toAbsolutePath().normalize().toString());
      write(ORIGIN, origin + "\n");
      write(CONFIG, config.text());
      delegate.started(done, total);
    }

    private void write(String name, String text) {
      try (PendingFile file =
          PendingFile.file(config.folder().resolve(name), "the run's " + name)) {
        Files.writeString(file.path(), text);
        file.complete();
      } catch (IOException e) {
        throw new UncheckedIOException(
            "cannot write to " + config.folder() + ": " + e.getMessage(), e);
      }
    }

    @Override
    public void step(TrainingStep step) {
      delegate.step(step);
    }

    @Override
    public void checkpoint(Path folder) {
      delegate.checkpoint(folder);
    }

    @Override
    public void sample(Path file) {
      delegate.sample(file);
    }
  }

  private interface Beginning {
    TrainingRun.Result run(TrainingRun run);
  }

  /** The files of the data, and those of a teacher. */
  private static final class Sources implements AutoCloseable {

    private final List<ExampleSource> examples;
    private final Optional<OpenedTeacher> teacher;
    private final Closer owned = new Closer();

    Sources(TrainingConfig config) {
      examples = owned.addAll(config.data().open());
      try {
        teacher = config.teacher().map(settings -> owned.add(OpenedTeacher.open(settings)));
      } catch (RuntimeException | Error e) {
        try (owned) {
          throw e;
        }
      }
    }

    @Override
    public void close() {
      owned.close();
    }
  }

  private static Outcome train(
      TrainingConfig config, TrainingListener listener, ExportListener export, Beginning beginning)
      throws IOException {
    // Data first: what is wrong with them is found in seconds.
    try (Sources sources = new Sources(config)) {
      Bundle bundle = bundle(config, config.folder().resolve(BUNDLE), export);
      TrainingProvider provider = TrainingProviders.select(config.backend());
      Optional<FeatureSource> features =
          sources.teacher.map(
              teacher -> teacher.running(provider, config.backendConfig(), bundle.architecture()));
      try (TextTokenizer tokenizer = TextTokenizer.load(bundle.tokenizer());
          TrainableModel model = provider.open(bundle, config.backendConfig(), config.request());
          TrainingBatches batches =
              config
                  .data()
                  .data(sources.examples, bundle, tokenizer, features)
                  .open(model.backend())) {
        Schedule schedule = config.length().schedule(batches.batchesPerPass(), config.accumulate());
        TrainingRunBuilder builder =
            TrainingRun.builder(config.folder(), model, batches)
                .rates(config.request(), config.trained().rates())
                .schedule(schedule)
                .accumulate(config.accumulate())
                .lossWeights(config.lossWeights())
                .checkpoints(config.checkpointEvery(), config.checkpointKeep())
                .identity("model", bundle.hash())
                .identity("trained part", config.trained().name())
                .identity("adapter", config.request().lora().map(Object::toString).orElse("none"))
                .listener(listener);
        features.ifPresent(source -> builder.identity("teacher", source.id()));
        config
            .samples()
            .ifPresent(
                samples -> builder.samples(samples.every(), new SampleSheet(samples, bundle)));
        TrainingRun.Result end = beginning.run(builder.build());
        return new Outcome(
            end,
            batches.report(),
            end.stopped() ? Optional.empty() : Optional.of(result(config, bundle, model)));
      }
    }
  }

  private static Path result(TrainingConfig config, Bundle bundle, TrainableModel model)
      throws IOException {
    Path folder = config.folder().resolve(RESULT);
    if (Files.exists(folder)) {
      return folder; // Of a run that was resumed behind its end.
    }
    if (config.request().lora().isPresent()) {
      AdapterCheckpoint.write(
          folder,
          config.averaged() ? WeightViews.adapterAveragesOf(model) : WeightViews.adapterOf(model),
          config.request().lora().get(),
          Optional.of(config.model().getFileName().toString()));
    } else {
      ReleasedCheckpoint.write(
          folder,
          ReleaseRequest.of(bundle.directory()).withFormat(config.format()),
          config.averaged() ? WeightViews.averagesOf(model) : WeightViews.of(model),
          ExportListener.NONE);
    }
    return folder;
  }

  /** Opens the model, of which a checkpoint is exported to a folder first. */
  static Bundle bundle(TrainingConfig config, Path exported, ExportListener export)
      throws IOException {
    if (Files.isRegularFile(config.model().resolve(BundleManifest.FILE_NAME))) {
      return Bundle.open(config.model());
    }
    if (!Files.isRegularFile(exported.resolve(BundleManifest.FILE_NAME))) {
      if (!Files.isDirectory(config.model())) {
        throw new InvalidRequestException(
            "no checkpoint or bundle at " + config.model() + ", which 'model' names");
      }
      ModelExporter.export(
          ExportRequest.of(config.model(), exported, config.vae(), config.tokenizer())
              .withPrecision(ExportPrecision.FP32),
          export);
    }
    return Bundle.open(exported);
  }
}
