package dev.showo2.export;

import dev.showo2.export.graph.StageGraph;
import dev.showo2.export.onnx.WeightLocations;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.GenerationDefaults;
import dev.showo2.model.GraphFile;
import dev.showo2.model.Sha256;
import dev.showo2.model.StagePrecisions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes the files of a bundle, and keeps the list that the manifest is made of. */
final class BundleWriter {

  private final Path folder;
  private final ExportListener listener;
  private final List<BundleFile> files = new ArrayList<>();
  private final List<GraphFile> graphs = new ArrayList<>();

  BundleWriter(Path folder, ExportListener listener) {
    this.folder = folder;
    this.listener = listener;
  }

  /**
   * @return where the weights lie now, for the graphs to refer to
   */
  WeightLocations writeWeights(WeightPlan plan) throws IOException {
    WeightFiles weights = new WeightFiles(folder, listener);
    files.addAll(weights.write(plan));
    return weights;
  }

  void writeGraphs(List<StageGraph> models) throws IOException {
    listener.phase("writing graphs");
    for (StageGraph graph : models) {
      write(graph.fileName(), graph.model().toByteArray());
      graphs.add(new GraphFile(graph.stage(), graph.part(), GraphFile.PORTABLE, graph.fileName()));
    }
  }

  void writeTokenizer(TokenizerFile tokenizer) throws IOException {
    write(Bundle.TOKENIZER_FILE, tokenizer.bytes());
  }

  /** Comes last: it lists all that was written before. */
  void writeManifest(
      String name, Architecture architecture, TokenizerFile tokenizer, GenerationDefaults defaults)
      throws IOException {
    BundleManifest manifest =
        new BundleManifest(
            name,
            StagePrecisions.FP32,
            architecture,
            tokenizer.specialTokens(),
            defaults,
            files,
            graphs);
    write(BundleManifest.FILE_NAME, manifest.toJson().getBytes(StandardCharsets.UTF_8));
  }

  /** All that was written so far. */
  List<BundleFile> files() {
    return List.copyOf(files);
  }

  private void write(String name, byte[] bytes) throws IOException {
    Interruption.check();
    DurableFile.write(folder.resolve(name), bytes);
    files.add(new BundleFile(name, bytes.length, Sha256.of(bytes)));
  }
}
