package dev.showo2.export.synthetic;

import dev.showo2.error.ShowO2Exception;
import dev.showo2.error.internal.HeapLimit;
import dev.showo2.export.ExportListener;
import dev.showo2.export.internal.architecture.ArchitectureReader;
import dev.showo2.export.internal.architecture.CheckpointJson;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.architecture.VaeKeys;
import dev.showo2.export.internal.io.DiskSpace;
import dev.showo2.export.internal.io.InterruptionCheck;
import dev.showo2.export.internal.io.TokenizerFile;
import dev.showo2.export.internal.write.CheckpointFiles;
import dev.showo2.export.internal.write.WeightFormat;
import dev.showo2.model.Architecture;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.model.internal.PendingFolder;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Writes checkpoints of seeded random weights that {@link dev.showo2.export.ModelExporter} exports
 * like a released one: {@code config.json}, {@code arch.json}, the weights of the model in one file
 * or several with their index, those of the VAE, and {@code tokenizer.json}.
 *
 * <p>Weights are of such sizes that every layer matters and activations stay small. The same
 * request gives the same bytes, on every machine; another type gives the same values, rounded to
 * it. Values stream to disk, so memory does not grow with the model. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SyntheticCheckpoint {

  private static final String TOKENIZER = "tokenizer.json";

  private final SyntheticRequest request;
  private final Architecture architecture;
  private final SyntheticWeights model;
  private final SyntheticWeights vae;
  private final CheckpointFiles.Shards modelShards;
  private final CheckpointFiles.Shards vaeShards;

  private SyntheticCheckpoint(SyntheticRequest request) {
    this.request = request;
    architecture = request.architecture();
    TiedHead head = TiedHead.of(architecture, request.format());
    model =
        new SyntheticWeights(
            head.addTo(ModelKeys.all(architecture)),
            head.secondNames(),
            request.seed(),
            request.type());
    vae =
        new SyntheticWeights(
            VaeKeys.of(architecture.vae()), Map.of(), request.seed(), request.type());
    modelShards =
        CheckpointFiles.Shards.of(request.format()::modelFile, model, request.shardBytes());
    // The exporter takes the VAE as one file.
    vaeShards = CheckpointFiles.Shards.of(part -> request.format().vaeFile(), vae, Long.MAX_VALUE);
  }

  /**
   * Without a listener.
   *
   * @param folder the folder
   * @param request what to do
   * @throws IOException if a file cannot be read or written
   */
  public static void write(Path folder, SyntheticRequest request) throws IOException {
    write(folder, request, ExportListener.NONE);
  }

  /**
   * Writes a checkpoint. It appears at its path complete and in one moment; after a failure nothing
   * of it is left. Interrupting the thread ends the writing.
   *
   * @param folder that will hold the checkpoint; must not exist, or be empty
   * @param request what to do
   * @param listener callbacks
   * @throws dev.showo2.error.InvalidModelException if there can be no model of these sizes, or if
   *     the tokenizer cannot be read or has another number of tokens
   * @throws dev.showo2.error.CancelledException if the thread is interrupted, which it stays
   * @throws java.nio.file.FileAlreadyExistsException if there is something else than an empty
   *     folder where the checkpoint should be
   * @throws IOException if the checkpoint cannot be written, or if there is too little space for it
   */
  public static void write(Path folder, SyntheticRequest request, ExportListener listener)
      throws IOException {
    Objects.requireNonNull(listener, "listener");
    SyntheticCheckpoint checkpoint = new SyntheticCheckpoint(request);
    checkpoint.requireReadable();
    byte[] tokenizer = checkpoint.tokenizer();
    try (PendingFolder output = PendingFolder.create(folder)) {
      checkpoint.writeInto(output.working(), tokenizer, listener);
      output.commit();
    } catch (IOException | ShowO2Exception e) {
      InterruptionCheck.checkCause(e);
      throw e;
    } catch (OutOfMemoryError e) {
      throw HeapLimit.exceeded("writing " + folder, e);
    }
  }

  /** What the exporter would refuse, or take for a model of other sizes, is not written at all. */
  private void requireReadable() {
    Architecture read =
        ArchitectureReader.read(
            model,
            vae,
            JsonFields.parse(CheckpointJson.config(architecture).toString(), "config.json"),
            Optional.of(
                JsonFields.parse(CheckpointJson.arch(architecture).toString(), "arch.json")));
    if (!read.equals(architecture)) {
      throw new IllegalStateException("written as " + architecture + ", read as " + read);
    }
  }

  private byte[] tokenizer() {
    return request
        .tokenizer()
        .map(file -> TokenizerFile.readExact(file, architecture).bytes())
        .orElseGet(() -> SyntheticTokenizer.json(architecture.backbone().vocabularySize()));
  }

  private void writeInto(Path folder, byte[] tokenizer, ExportListener listener)
      throws IOException {
    long total = modelShards.totalBytes() + vaeShards.totalBytes();
    DiskSpace.require(folder, "checkpoint", total);
    WeightFormat format = request.format().format();
    CheckpointFiles files = new CheckpointFiles(folder, listener, total);
    files.write("config.json", CheckpointJson.config(architecture));
    files.write("arch.json", CheckpointJson.arch(architecture));
    files.write(TOKENIZER, tokenizer);
    files.write(modelShards, format, model);
    if (modelShards.index().isPresent()) {
      files.write(request.format().modelFile("") + ".index.json", modelShards.index().get());
    }
    files.write(vaeShards, format, vae);
  }

  /**
   * The language head where it is the embedding matrix.
   *
   * @param secondNames the embedding's key by the head's, where the files have both
   */
  private record TiedHead(Map<String, String> secondNames) {

    static TiedHead of(Architecture sizes, CheckpointFormat format) {
      boolean twice = sizes.backbone().tiedEmbeddings() && format == CheckpointFormat.BIN;
      return new TiedHead(twice ? Map.of(ModelKeys.LANGUAGE_HEAD, ModelKeys.EMBEDDING) : Map.of());
    }

    /** All keys, the second name behind the first. */
    Map<String, Shape> addTo(Map<String, Shape> keys) {
      Map<String, Shape> all = new LinkedHashMap<>();
      keys.forEach(
          (key, shape) -> {
            all.put(key, shape);
            secondNames.forEach(
                (second, first) -> {
                  if (first.equals(key)) {
                    all.put(second, shape);
                  }
                });
          });
      return all;
    }
  }
}
