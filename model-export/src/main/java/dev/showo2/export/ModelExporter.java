package dev.showo2.export;

import dev.showo2.error.ShowO2Exception;
import dev.showo2.export.architecture.ArchitectureReader;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.checkpoint.Weights;
import dev.showo2.export.graph.StageGraphs;
import dev.showo2.export.lora.Adapters;
import dev.showo2.export.onnx.WeightLocations;
import dev.showo2.model.Architecture;
import dev.showo2.model.GenerationDefaults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Turns a checkpoint in the released PyTorch format into a bundle that backends load: reads the
 * weights, writes them per stage, writes the stages' graphs, and runs every stage once.
 *
 * <p>The same checkpoint, in a folder of the same name, gives the same bytes. Safe for use by
 * several threads, also when they export to the same place: one of them succeeds then.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ModelExporter {

  private final ExportRequest request;
  private final ExportListener listener;

  private ModelExporter(ExportRequest request, ExportListener listener) {
    this.request = request;
    this.listener = Objects.requireNonNull(listener, "listener");
  }

  /**
   * Exports a checkpoint. The bundle appears at its place complete and in one moment; after a
   * failure nothing of it is left. Interrupting the thread ends the export.
   *
   * @throws dev.showo2.error.InvalidModelException if the checkpoint is incomplete, damaged or of
   *     another kind, or if an adapter is or does not fit
   * @throws dev.showo2.error.CancelledException if the thread is interrupted, which it stays
   * @throws dev.showo2.error.BackendException if a stage of the finished bundle does not run, or
   *     gives wrong shapes or values that are not finite
   * @throws java.nio.file.FileAlreadyExistsException if there is something else than an empty
   *     folder where the bundle should lie, or if it comes there during the export
   * @throws IOException if the bundle cannot be written, or if there is too little space for it
   */
  public static ExportSummary export(ExportRequest request, ExportListener listener)
      throws IOException {
    return export(request, listener, true);
  }

  /**
   * Exports a checkpoint without running its stages: for whoever is about to test the backend that
   * would run them.
   *
   * @throws dev.showo2.error.InvalidModelException if the checkpoint is incomplete, damaged or of
   *     another kind, or if an adapter is or does not fit
   * @throws dev.showo2.error.CancelledException if the thread is interrupted, which it stays
   * @throws java.nio.file.FileAlreadyExistsException if there is something else than an empty
   *     folder where the bundle should lie, or if it comes there during the export
   * @throws IOException if the bundle cannot be written, or if there is too little space for it
   */
  public static ExportSummary exportUnchecked(ExportRequest request, ExportListener listener)
      throws IOException {
    return export(request, listener, false);
  }

  private static ExportSummary export(
      ExportRequest request, ExportListener listener, boolean checked) throws IOException {
    ModelExporter exporter = new ModelExporter(request, listener);
    try (PendingFolder folder = PendingFolder.create(request.bundle())) {
      ExportSummary summary = exporter.exportInto(folder.working(), checked);
      folder.commit();
      return summary;
    } catch (IOException | ShowO2Exception e) {
      Interruption.checkCause(e);
      throw e;
    }
  }

  private ExportSummary exportInto(Path folder, boolean checked) throws IOException {
    BundleWriter bundle = new BundleWriter(folder, listener);
    List<String> ignoredKeys = write(bundle, folder);
    Interruption.check();
    StageCheck check = checked ? StageCheck.run(folder, listener) : StageCheck.NONE;
    Interruption.check();
    return new ExportSummary(
        request.bundle(), bundle.files(), check.backend(), check.stages(), ignoredKeys);
  }

  /** Reader, architecture, weights, graphs: everything but the check. */
  private List<String> write(BundleWriter bundle, Path folder) throws IOException {
    listener.phase("reading " + request.checkpoint());
    CheckpointFolder checkpoint = CheckpointFolder.locate(request);
    try (Weights model =
            Adapters.merge(
                Checkpoints.open(checkpoint.weights()),
                request.adapters(),
                checkpoint.arch(),
                listener::phase);
        Weights vae = Checkpoints.open(checkpoint.vae())) {
      Architecture architecture =
          ArchitectureReader.read(model, vae, checkpoint.config(), checkpoint.arch());
      WeightPlan plan = WeightPlan.of(architecture, model, vae);
      GenerationDefaults defaults = Defaults.of(architecture, checkpoint.arch());
      TokenizerFile tokenizer = TokenizerFile.read(checkpoint.tokenizer(), architecture);
      DiskSpace.require(folder, "bundle", plan.totalBytes());

      WeightLocations weights = bundle.writeWeights(plan);
      bundle.writeGraphs(StageGraphs.build(architecture, weights));
      bundle.writeTokenizer(tokenizer);
      bundle.writeManifest(checkpoint.name(), architecture, tokenizer, defaults);
      return plan.ignoredKeys();
    }
  }
}
