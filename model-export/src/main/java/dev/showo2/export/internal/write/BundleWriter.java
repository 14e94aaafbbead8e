package dev.showo2.export.internal.write;

import dev.showo2.export.ExportListener;
import dev.showo2.export.internal.graph.StageGraph;
import dev.showo2.export.internal.io.DurableFile;
import dev.showo2.export.internal.io.InterruptionCheck;
import dev.showo2.export.internal.io.TokenizerFile;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.export.internal.onnx.WeightLocations;
import dev.showo2.export.internal.plan.ModelSource;
import dev.showo2.export.internal.plan.WeightPlan;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.GraphFile;
import dev.showo2.model.StagePrecisions;
import dev.showo2.model.internal.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apiguardian.api.API;

/** Writes the files of a bundle, and keeps the list that the manifest is made of. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class BundleWriter {

  private final Path folder;
  private final ExportListener listener;
  private final List<BundleFile> files = new ArrayList<>();
  private final List<GraphFile> graphs = new ArrayList<>();

  public BundleWriter(Path folder, ExportListener listener) {
    this.folder = folder;
    this.listener = listener;
  }

  /**
   * @return where the weights are stored now, for the graphs to refer to
   */
  public WeightLocations writeWeights(WeightPlan plan) throws IOException {
    WeightFiles weights = new WeightFiles(folder, listener);
    files.addAll(weights.write(plan));
    return weights;
  }

  /** A dialect has a graph where it differs from the portable one. */
  public void writeGraphs(Function<Dialect, List<StageGraph>> graphs) throws IOException {
    listener.phase("writing graphs");
    List<StageGraph> portable = graphs.apply(Dialect.PORTABLE);
    List<StageGraph> fused = graphs.apply(Dialect.ORT);
    for (int i = 0; i < portable.size(); i++) {
      write(portable.get(i));
      if (!fused.get(i).model().equals(portable.get(i).model())) {
        write(fused.get(i));
      }
    }
  }

  private void write(StageGraph graph) throws IOException {
    write(graph.fileName(), graph.model().toByteArray());
    graphs.add(new GraphFile(graph.stage(), graph.part(), graph.dialect().id(), graph.fileName()));
  }

  public void writeTokenizer(TokenizerFile tokenizer) throws IOException {
    write(Bundle.TOKENIZER_FILE, tokenizer.bytes());
  }

  /** Comes last: it lists all that was written before. */
  public void writeManifest(ModelSource source, StagePrecisions precision) throws IOException {
    BundleManifest manifest =
        new BundleManifest(
            source.name(),
            precision,
            source.architecture(),
            source.tokenizer().specialTokens(),
            source.defaults(),
            files,
            graphs);
    write(BundleManifest.FILE_NAME, manifest.toJson().getBytes(StandardCharsets.UTF_8));
  }

  /** All that was written so far. */
  public List<BundleFile> files() {
    return List.copyOf(files);
  }

  private void write(String name, byte[] bytes) throws IOException {
    InterruptionCheck.check();
    DurableFile.write(folder.resolve(name), bytes);
    files.add(new BundleFile(name, bytes.length, Sha256.of(bytes)));
  }
}
