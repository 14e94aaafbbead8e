package dev.showo2.export;

import dev.showo2.error.ShowO2Exception;
import dev.showo2.error.internal.HeapLimit;
import dev.showo2.export.internal.graph.StageGraphs;
import dev.showo2.export.internal.io.DiskSpace;
import dev.showo2.export.internal.io.InterruptionCheck;
import dev.showo2.export.internal.onnx.WeightLocations;
import dev.showo2.export.internal.plan.CalibratedEncodings;
import dev.showo2.export.internal.plan.EncodingPlan;
import dev.showo2.export.internal.plan.ModelSource;
import dev.showo2.export.internal.plan.WeightPlan;
import dev.showo2.export.internal.source.BundleSource;
import dev.showo2.export.internal.source.CheckpointSource;
import dev.showo2.export.internal.verify.StageCheck;
import dev.showo2.export.internal.verify.TargetBackend;
import dev.showo2.export.internal.write.BundleWriter;
import dev.showo2.model.internal.PendingFolder;
import dev.showo2.spi.Device;
import dev.showo2.spi.support.PrecisionSpeed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/**
 * Turns a checkpoint in the released PyTorch format into a bundle that backends load: reads the
 * weights, writes them per stage, writes the stages' graphs, and runs every stage once.
 *
 * <p>The same checkpoint, in a folder of the same name, gives the same bytes. Thread-safe, also
 * when they export to the same path: one of them succeeds then.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ModelExporter {

  /** The backend that most programs run on the CPU. */
  private static final String ONNX = "onnx";

  private final ExportListener listener;

  private ModelExporter(ExportListener listener) {
    this.listener = Objects.requireNonNull(listener, "listener");
  }

  /**
   * Exports a checkpoint. The bundle appears at its path complete and in one moment; after a
   * failure nothing of it is left. Interrupting the thread ends the export.
   *
   * <p>Below fp32 a small request is computed first, with weights as they are and as they will be
   * quantized. For layers that would lose too much in 8 or 4 bits, it is tried to smooth and then
   * to rotate their inputs; where that does not suffice they stay in fp32. Stages of the finished
   * bundle are compared with their results in fp32.
   *
   * @param request what to do
   * @param listener callbacks
   * @return sizes and errors of the bundle
   * @throws dev.showo2.error.InvalidModelException if the checkpoint is incomplete, damaged or of
   *     another kind, or if an adapter is or does not fit
   * @throws dev.showo2.error.UnsupportedFeatureException if the target is not found or does not run
   *     a precision, or if a stage would be off by more than its precision allows
   * @throws dev.showo2.error.InsufficientMemoryException if the heap is too small
   * @throws dev.showo2.error.CancelledException if the thread is interrupted, which it stays
   * @throws dev.showo2.error.BackendException if a stage of the finished bundle does not run, gives
   *     wrong shapes or values that are not finite, or is off by more than its precision allows
   * @throws java.nio.file.FileAlreadyExistsException if there is something else than an empty
   *     folder where the bundle should be, or if it comes there during the export
   * @throws IOException if the bundle cannot be written, or if there is too little space for it
   */
  public static ExportSummary export(ExportRequest request, ExportListener listener)
      throws IOException {
    return new ModelExporter(listener).export(request, true);
  }

  /**
   * Exports a checkpoint without running its stages: for whoever is about to test the backend that
   * would run them.
   *
   * @param request what to do
   * @param listener callbacks
   * @return sizes of the bundle
   * @throws dev.showo2.error.InvalidModelException if the checkpoint is incomplete, damaged or of
   *     another kind, or if an adapter is or does not fit
   * @throws dev.showo2.error.UnsupportedFeatureException as {@link #export}
   * @throws dev.showo2.error.InsufficientMemoryException if the heap is too small
   * @throws dev.showo2.error.CancelledException if the thread is interrupted, which it stays
   * @throws java.nio.file.FileAlreadyExistsException if there is something else than an empty
   *     folder where the bundle should be, or if it comes there during the export
   * @throws IOException if the bundle cannot be written, or if there is too little space for it
   */
  public static ExportSummary exportUnchecked(ExportRequest request, ExportListener listener)
      throws IOException {
    return new ModelExporter(listener).export(request, false);
  }

  /**
   * Writes a bundle once more in another precision. What comes of one in fp32 is what {@link
   * #export} would write from the checkpoint.
   *
   * @param bundle in fp32, fp16 or bf16
   * @param target folder that will hold the new bundle; must not exist, or be empty
   * @param precision the precision
   * @param listener callbacks
   * @return sizes and errors of the new bundle
   * @throws dev.showo2.error.InvalidModelException if the bundle is damaged
   * @throws dev.showo2.error.UnsupportedFeatureException if the bundle keeps a stage in integers,
   *     or if a stage would be off by more than its precision allows
   * @throws dev.showo2.error.InsufficientMemoryException if the heap is too small
   * @throws dev.showo2.error.CancelledException if the thread is interrupted, which it stays
   * @throws dev.showo2.error.BackendException if a stage of the new bundle does not run, gives
   *     wrong shapes or values that are not finite, or is off by more than its precision allows
   * @throws java.nio.file.FileAlreadyExistsException if there is something else than an empty
   *     folder where the new bundle should be, or if it comes there meanwhile
   * @throws IOException if the bundle cannot be written, or if there is too little space for it
   */
  public static ExportSummary convert(
      Path bundle, Path target, ExportPrecision precision, ExportListener listener)
      throws IOException {
    return convert(bundle, target, precision, Optional.empty(), listener);
  }

  /**
   * As {@link #convert(Path, Path, ExportPrecision, ExportListener)}, for one backend.
   *
   * @param bundle the folder of a bundle in fp32
   * @param target the folder of the new bundle
   * @param precision the precision
   * @param backend id of the one that is to run the new bundle, and checks it if it can run here
   * @param listener callbacks
   * @return sizes and errors of the new bundle
   * @throws dev.showo2.error.UnsupportedFeatureException also if that backend is not found, or does
   *     not run one of the precisions
   * @throws IOException if a file cannot be read or written
   */
  public static ExportSummary convert(
      Path bundle,
      Path target,
      ExportPrecision precision,
      Optional<String> backend,
      ExportListener listener)
      throws IOException {
    Objects.requireNonNull(precision, "precision");
    return new ModelExporter(listener)
        .export(bundle, () -> BundleSource.open(bundle), target, precision, backend, true);
  }

  private ExportSummary export(ExportRequest request, boolean checked) throws IOException {
    return export(
        request.checkpoint(),
        () -> CheckpointSource.open(request, listener),
        request.bundle(),
        request.precision(),
        request.target(),
        checked);
  }

  private ExportSummary export(
      Path origin,
      Supplier<ModelSource> opening,
      Path target,
      ExportPrecision precision,
      Optional<String> backend,
      boolean checked)
      throws IOException {
    backend.ifPresent(id -> TargetBackend.require(id, precision));
    PrecisionSpeed.here(backend.orElse(ONNX))
        .warning(precision.byStage(), Device.CPU)
        .ifPresent(listener::warning);
    try (PendingFolder folder = PendingFolder.create(target)) {
      BundleWriter bundle = new BundleWriter(folder.working(), listener);
      listener.phase("reading " + origin);
      CalibratedEncodings calibrated;
      WeightPlan plan;
      StageCheck check;
      try (ModelSource source = opening.get()) {
        EncodingPlan encodings = EncodingPlan.of(source.architecture(), precision);
        // Missing keys and missing space are reported before the calibration, which takes time.
        requireRoom(folder, WeightPlan.of(source, encodings));
        calibrated = CalibratedEncodings.of(source, precision, encodings, listener);
        plan = WeightPlan.of(source, calibrated.encodings());
        requireRoom(folder, plan);
        write(source, plan, precision, bundle);
        InterruptionCheck.check();
        check =
            checked
                ? StageCheck.run(folder.working(), backend, source, calibrated, listener)
                : StageCheck.NONE;
      }
      InterruptionCheck.check();
      folder.commit();
      return new ExportSummary(
          target,
          bundle.files(),
          calibrated.parts(plan.weights(), check.errors()),
          calibrated.unquantized(),
          calibrated.mitigated(),
          check.backend(),
          check.stages(),
          plan.ignoredKeys());
    } catch (IOException | ShowO2Exception e) {
      InterruptionCheck.checkCause(e);
      throw e;
    } catch (OutOfMemoryError e) {
      throw HeapLimit.exceeded("exporting " + origin, e);
    }
  }

  private static void requireRoom(PendingFolder folder, WeightPlan plan) throws IOException {
    DiskSpace.require(folder.working(), "bundle", plan.totalBytes());
  }

  /** Weights, graphs, tokenizer, and last the manifest: everything but the check. */
  private static void write(
      ModelSource source, WeightPlan plan, ExportPrecision precision, BundleWriter bundle)
      throws IOException {
    WeightLocations weights = bundle.writeWeights(plan);
    bundle.writeGraphs(dialect -> StageGraphs.build(source.architecture(), weights, dialect));
    bundle.writeTokenizer(source.tokenizer());
    bundle.writeManifest(source, precision.byStage());
  }
}
