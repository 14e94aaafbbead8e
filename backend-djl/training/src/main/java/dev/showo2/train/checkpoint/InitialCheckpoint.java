package dev.showo2.train.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.architecture.WanVaeNames;
import dev.showo2.export.internal.checkpoint.PartFile;
import dev.showo2.export.internal.checkpoint.UnwrappedWeights;
import dev.showo2.model.BundleManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Writes checkpoints to begin a training with: weights drawn as the official constructors draw
 * them, weights of other models, or both (SPEC 10). They are in the layout that {@link
 * ReleasedCheckpoint} writes.
 *
 * <p>The same request on the same files gives the same bytes on every machine; a weight that is
 * drawn depends on seed, name and shape alone. Values pass in chunks, so memory does not grow with
 * the model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class InitialCheckpoint {

  private InitialCheckpoint() {}

  /**
   * Writes a checkpoint, which appears at its path complete and in one moment; after a failure
   * nothing of it is left. Interrupting the thread ends the writing.
   *
   * @param folder that will hold the checkpoint; must not exist, or be empty
   * @param request sizes, and where weights come from
   * @param listener callbacks
   * @throws InvalidRequestException if the request lacks a part, or its parts do not fit
   * @throws dev.showo2.error.InvalidModelException if a file is damaged, of another kind, or has
   *     other sizes
   * @throws dev.showo2.error.CancelledException if the thread is interrupted, which it stays
   * @throws java.nio.file.FileAlreadyExistsException if there is something else than an empty
   *     folder where the checkpoint should be
   * @throws IOException if the checkpoint cannot be written, or if there is too little space for it
   */
  public static void write(Path folder, InitialRequest request, ExportListener listener)
      throws IOException {
    Objects.requireNonNull(listener, "listener");
    InitialModel.requireComplete(request);
    // What was not named is null, and not closed.
    try (OpenedModel other = request.other().map(at -> open(at, request, listener)).orElse(null);
        QwenCheckpoint backbone = request.backbone().map(QwenCheckpoint::open).orElse(null);
        SemanticSource semantic =
            request.semantic().map(at -> SemanticSource.open(at, listener)).orElse(null);
        CheckpointWeights vae = request.vae().map(InitialCheckpoint::openVae).orElse(null)) {
      InitialModel model =
          new InitialModel(
              request,
              Optional.ofNullable(other),
              Optional.ofNullable(backbone),
              Optional.ofNullable(semantic),
              Optional.ofNullable(vae));
      model.output().write(folder, request.format(), request.shardBytes(), listener);
    }
  }

  /** Opens the other model, which may lack the parts that the request names. */
  private static OpenedModel open(Path folder, InitialRequest request, ExportListener listener) {
    boolean bundle = Files.isRegularFile(folder.resolve(BundleManifest.FILE_NAME));
    return OpenedModel.open(
        folder,
        bundle || has(PartFile.VAE, folder) ? Optional.empty() : request.vae(),
        bundle || has(PartFile.TOKENIZER, folder) ? Optional.empty() : request.tokenizer(),
        listener);
  }

  private static boolean has(PartFile part, Path folder) {
    return Files.isRegularFile(part.locate(folder));
  }

  private static CheckpointWeights openVae(Path named) {
    Path file = PartFile.VAE.locate(named);
    if (Files.isDirectory(file)) {
      throw new InvalidModelException(
          "no VAE in " + file + "; one of these is expected: " + PartFile.VAE.names());
    }
    CheckpointWeights stored = Checkpoints.open(file);
    try {
      return WanVaeNames.original(UnwrappedWeights.unwrap(stored));
    } catch (RuntimeException | Error e) {
      try (stored) {
        throw e;
      }
    }
  }
}
