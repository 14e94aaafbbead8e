package dev.showo2.train.checkpoint;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.architecture.VaeKeys;
import dev.showo2.tensor.Shape;
import dev.showo2.train.spi.TrainableModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Writes what was trained as a checkpoint in the released layout, which {@link
 * dev.showo2.export.ModelExporter} exports and the official code loads: {@code config.json}, the
 * model's weights in one file or several with their index, {@code Wan2.1_VAE.pth}, {@code
 * tokenizer.json} and, where the sizes are not those of a released model, {@code arch.json}. All
 * weights are 32-bit floats; the two names of a tied matrix are both there.
 *
 * <p>Values pass in chunks, so memory does not grow with the model. The folder appears at its path
 * complete and in one moment, with everything on the disk; after a failure nothing of it is left.
 * Interrupting the thread ends the writing.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ReleasedCheckpoint {

  private static final int MAX_LISTED = 5;

  private ReleasedCheckpoint() {}

  /**
   * Writes a model that is being trained.
   *
   * @param folder that will hold the checkpoint; must not exist, or be empty
   * @param request what training began with, and the files to write
   * @param model not changed; not to be used by another thread meanwhile
   * @param listener callbacks
   * @throws InvalidRequestException if an adapter is trained, which {@link AdapterCheckpoint}
   *     writes, or the model is not the one that training began with
   * @throws dev.showo2.error.InvalidModelException if the start is incomplete or damaged
   * @throws dev.showo2.error.CancelledException if the thread is interrupted, which it stays
   * @throws java.nio.file.FileAlreadyExistsException if there is something else than an empty
   *     folder where the checkpoint should be
   * @throws IOException if the checkpoint cannot be written, or if there is too little space for it
   */
  public static void write(
      Path folder, ReleaseRequest request, TrainableModel model, ExportListener listener)
      throws IOException {
    if (model.weights().stream().anyMatch(weight -> PeftNames.isAdapter(weight.name()))) {
      throw new InvalidRequestException(
          "an adapter was trained and the weights of the model are as they were; write the"
              + " adapter, and merge it with export --lora");
    }
    write(folder, request, WeightViews.of(model), listener);
  }

  /**
   * Writes weights that are kept elsewhere.
   *
   * @param folder that will hold the checkpoint; must not exist, or be empty
   * @param request what training began with, and the files to write
   * @param trained with the names of released checkpoints; what is not among them is taken from the
   *     start. Not closed.
   * @param listener callbacks
   * @throws InvalidRequestException if a weight has a name or shape that the model does not have
   * @throws dev.showo2.error.InvalidModelException if the start or a weight is damaged
   * @throws dev.showo2.error.CancelledException if the thread is interrupted, which it stays
   * @throws java.nio.file.FileAlreadyExistsException if there is something else than an empty
   *     folder where the checkpoint should be
   * @throws IOException if the checkpoint cannot be written, or if there is too little space for it
   */
  public static void write(
      Path folder, ReleaseRequest request, CheckpointWeights trained, ExportListener listener)
      throws IOException {
    Objects.requireNonNull(listener, "listener");
    try (OpenedModel start =
        OpenedModel.open(request.start(), request.vae(), request.tokenizer(), listener)) {
      requireFits(start, trained);
      boolean tied = start.architecture().backbone().tiedEmbeddings();
      ComposedWeights model = new ComposedWeights();
      for (String key : ModelKeys.all(start.architecture()).keySet()) {
        String stored = storedName(key, tied, trained.names());
        if (trained.names().contains(stored)) {
          model.add(key, trained, stored);
        } else {
          model.add(key, start.weights(), key);
        }
        SecondName.follow(key, start.architecture(), request.format(), model);
      }
      ComposedWeights vae = new ComposedWeights();
      VaeKeys.of(start.architecture().vae())
          .keySet()
          .forEach(key -> vae.add(key, start.vae(), key));
      new CheckpointOutput(model, vae, start.files())
          .write(folder, request.format(), request.shardBytes(), listener);
    }
  }

  /** A tied matrix may stand under its second name alone. */
  private static String storedName(String key, boolean tied, Set<String> names) {
    return tied && key.equals(ModelKeys.EMBEDDING) && !names.contains(key)
        ? ModelKeys.LANGUAGE_HEAD
        : key;
  }

  private static void requireFits(OpenedModel start, CheckpointWeights trained) {
    Map<String, Shape> keys = new LinkedHashMap<>(ModelKeys.all(start.architecture()));
    keys.put(ModelKeys.LANGUAGE_HEAD, keys.get(ModelKeys.EMBEDDING));
    List<String> others =
        trained.names().stream()
            .filter(name -> !trained.shape(name).equals(keys.get(name)))
            .map(
                name ->
                    name
                        + " "
                        + trained.shape(name)
                        + (keys.containsKey(name) ? ", expected " + keys.get(name) : ""))
            .toList();
    if (!others.isEmpty()) {
      throw new InvalidRequestException(
          others.size()
              + " weights are not those of the model that training began with, such as "
              + String.join("; ", others.subList(0, Math.min(MAX_LISTED, others.size())))
              + "; name the checkpoint or bundle that they were trained from");
    }
    Set<String> names = trained.names();
    if (start.architecture().backbone().tiedEmbeddings()
        && names.contains(ModelKeys.EMBEDDING)
        && names.contains(ModelKeys.LANGUAGE_HEAD)
        && !trained.sameValues(ModelKeys.EMBEDDING, ModelKeys.LANGUAGE_HEAD)) {
      throw new InvalidRequestException(
          ModelKeys.EMBEDDING
              + " and "
              + ModelKeys.LANGUAGE_HEAD
              + " are one matrix in this model, but the trained ones differ");
    }
  }
}
