package dev.showo2.export;

import dev.showo2.export.architecture.ArchitectureReader;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.checkpoint.Weights;
import dev.showo2.export.graph.StageGraph;
import dev.showo2.export.graph.StageGraphs;
import dev.showo2.export.onnx.WeightLocations;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.GraphFile;
import dev.showo2.model.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Turns a checkpoint in the released PyTorch format into a bundle that backends load: reads the
 * weights, writes them per stage, writes the stages' graphs, and runs every stage once.
 *
 * <p>The same checkpoint gives the same bytes. Safe for use by several threads.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ModelExporter {

  private static final String PRECISION = "fp32";

  private ModelExporter() {}

  /**
   * Exports a checkpoint. Interrupting the thread ends it.
   *
   * @throws dev.showo2.error.InvalidModelException if the checkpoint is incomplete, damaged or of
   *     another kind
   * @throws dev.showo2.error.CancelledException if the thread is interrupted
   * @throws dev.showo2.error.BackendException if a stage of the finished bundle does not run
   * @throws IOException if the bundle cannot be written; as after every failure, nothing of it is
   *     left
   */
  public static ExportSummary export(ExportRequest request, ExportListener listener)
      throws IOException {
    listener.phase("reading " + request.checkpoint());
    CheckpointFolder checkpoint = CheckpointFolder.locate(request);
    try (Weights model = Checkpoints.open(checkpoint.weights());
        Weights vae = Checkpoints.open(checkpoint.vae())) {
      Architecture architecture =
          ArchitectureReader.read(model, vae, checkpoint.config(), checkpoint.arch());
      WeightPlan plan = WeightPlan.of(architecture, model, vae);
      TokenizerFile tokenizer = TokenizerFile.read(checkpoint.tokenizer(), architecture);
      try (BundleFolder folder = BundleFolder.create(request.bundle())) {
        DiskSpace.require(folder.working(), plan.totalBytes());
        List<BundleFile> files = new ArrayList<>();
        WeightFiles weights = new WeightFiles(folder.working(), listener);
        files.addAll(weights.write(plan));
        listener.phase("writing graphs");
        List<GraphFile> graphs = new ArrayList<>();
        writeGraphs(folder.working(), architecture, weights, files, graphs);
        files.add(write(folder.working().resolve(Bundle.TOKENIZER_FILE), tokenizer.bytes()));
        BundleManifest manifest =
            new BundleManifest(
                name(request.checkpoint()),
                PRECISION,
                architecture,
                tokenizer.specialTokens(),
                Defaults.of(architecture, checkpoint.arch()),
                files,
                graphs);
        files.add(
            write(
                folder.working().resolve(BundleManifest.FILE_NAME),
                manifest.toJson().getBytes(StandardCharsets.UTF_8)));
        StageCheck check = StageCheck.run(folder.working(), listener);
        folder.commit();
        return new ExportSummary(
            request.bundle(),
            List.copyOf(files),
            check.backend(),
            check.stages(),
            plan.ignoredKeys());
      }
    }
  }

  private static String name(Path checkpoint) {
    Path name = checkpoint.toAbsolutePath().normalize().getFileName();
    return name == null ? "show-o2" : name.toString();
  }

  private static void writeGraphs(
      Path folder,
      Architecture architecture,
      WeightLocations weights,
      List<BundleFile> files,
      List<GraphFile> graphs)
      throws IOException {
    for (StageGraph graph : StageGraphs.build(architecture, weights)) {
      String name = graph.fileName();
      files.add(write(folder.resolve(name), graph.model().toByteArray()));
      graphs.add(new GraphFile(graph.stage(), graph.part(), GraphFile.PORTABLE, name));
    }
  }

  private static BundleFile write(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    return new BundleFile(file.getFileName().toString(), bytes.length, Sha256.of(bytes));
  }
}
