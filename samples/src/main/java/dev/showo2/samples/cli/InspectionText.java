package dev.showo2.samples.cli;

import dev.showo2.export.inspect.AdapterInspection;
import dev.showo2.export.inspect.AlteredFile;
import dev.showo2.export.inspect.BundleInspection;
import dev.showo2.export.inspect.CheckpointInspection;
import dev.showo2.export.inspect.Inspection;
import dev.showo2.export.inspect.Inspection.FileSize;
import dev.showo2.export.inspect.MemoryEstimate;
import dev.showo2.export.inspect.WeightCount;
import dev.showo2.model.Architecture;
import dev.showo2.model.BundleFile;
import dev.showo2.model.GraphFile;
import dev.showo2.model.Precision;
import dev.showo2.stage.Stage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Inspections for people. */
final class InspectionText {

  private final StringBuilder text = new StringBuilder();

  private InspectionText() {}

  static String of(Inspection inspection) {
    InspectionText lines = new InspectionText();
    if (inspection instanceof BundleInspection bundle) {
      lines.bundle(bundle);
    } else if (inspection instanceof CheckpointInspection checkpoint) {
      lines.checkpoint(checkpoint);
    } else {
      lines.adapter((AdapterInspection) inspection);
    }
    return lines.text.toString();
  }

  private void bundle(BundleInspection bundle) {
    line("%s: bundle, format %d, %s", bundle.name(), bundle.formatVersion(), kind(bundle.model()));
    line("SHA-256 of the manifest %s", bundle.hash());
    line("Files:");
    Table files = new Table();
    for (BundleFile file : bundle.listed()) {
      files.row(file.name(), Table.bytes(file.size()) + "  " + file.sha256());
    }
    text.append(files);
    line("Stages:");
    for (Stage stage : bundle.precisions().keySet()) {
      line("  %s  %s  %s", stage.id(), bundle.precisions().get(stage).id(), graphs(bundle, stage));
    }
    weights(bundle.weights(), bundle.parameters());
    line("Tokenizer: %d tokens", bundle.tokens());
    sizes(bundle.architecture());
    memory(bundle.memory());
  }

  private static String graphs(BundleInspection bundle, Stage stage) {
    return bundle.graphs().stream()
        .filter(graph -> graph.stage() == stage)
        .map(graph -> graph.file() + " (" + part(graph) + graph.dialect() + ")")
        .collect(Collectors.joining(", "));
  }

  private static String part(GraphFile graph) {
    return graph.part().equals(GraphFile.MAIN) ? "" : graph.part() + ", ";
  }

  private void checkpoint(CheckpointInspection checkpoint) {
    line(
        "%s: %s",
        checkpoint.name(),
        switch (checkpoint.kind()) {
          case MODEL -> "checkpoint, " + kind(checkpoint.model());
          case VAE -> "VAE";
          case OTHER -> "weights of a model that is not known";
        });
    files(checkpoint.files());
    weights(checkpoint.weights(), checkpoint.parameters());
    checkpoint.tokens().ifPresent(tokens -> line("Tokenizer: %d tokens", tokens));
    checkpoint.unknown().ifPresent(why -> line("Sizes are not known: %s", why));
    checkpoint.architecture().ifPresent(this::sizes);
    if (!checkpoint.ignoredKeys().isEmpty()) {
      line("Not needed by any stage:");
      checkpoint.ignoredKeys().forEach(key -> line("  %s", key));
    }
    memory(checkpoint.memory());
  }

  private void adapter(AdapterInspection adapter) {
    line("%s: LoRA adapter, rank %d, alpha %s", adapter.name(), adapter.rank(), adapter.alpha());
    line("Targets: %s", String.join(", ", adapter.targets()));
    adapter.base().ifPresent(base -> line("Made for %s", base));
    files(adapter.files());
    weights(List.of(adapter.weights()), adapter.weights().parameters());
  }

  private static String kind(Optional<String> model) {
    return "Show-o2" + model.map(name -> " " + name).orElse(" of sizes of its own");
  }

  private void files(List<FileSize> files) {
    line("Files:");
    Table table = new Table();
    files.forEach(file -> table.row(Terminal.printable(file.name()), Table.bytes(file.bytes())));
    text.append(table);
  }

  private void weights(List<WeightCount> counts, long parameters) {
    line("Weights: %,d parameters", parameters);
    Table table = new Table();
    for (WeightCount count : counts) {
      for (WeightCount.OfType type : count.types()) {
        table.row(
            String.format(
                Locale.ROOT,
                "%s: %,d in %d tensors of %s",
                count.what(),
                type.elements(),
                type.tensors(),
                Json.name(type.type())),
            Table.bytes(type.bytes()));
      }
    }
    text.append(table);
  }

  private void sizes(Architecture sizes) {
    Architecture.Decoder backbone = sizes.backbone();
    Architecture.Semantic semantic = sizes.semantic();
    Architecture.FlowHead flowHead = sizes.flowHead();
    line("Sizes:");
    line(
        "  backbone         %d wide, %d layers, %d heads of %d, %d for keys and values, %d inside,"
            + " %d rows, %s",
        backbone.hiddenSize(),
        backbone.layers(),
        backbone.heads(),
        backbone.headSize(),
        backbone.keyValueHeads(),
        backbone.feedForwardSize(),
        backbone.vocabularySize(),
        backbone.tiedEmbeddings() ? "tied" : "untied");
    line(
        "  semantic layers  %d wide, %d layers, %d heads, %d inside, %d positions",
        semantic.hiddenSize(),
        semantic.layers(),
        semantic.heads(),
        semantic.feedForwardSize(),
        semantic.positions());
    line(
        "  flow head        %d wide, %d layers, %d heads of %d, %d for keys and values, %d inside",
        flowHead.hiddenSize(),
        flowHead.layers(),
        flowHead.heads(),
        flowHead.headSize(),
        flowHead.keyValueHeads(),
        flowHead.feedForwardSize());
    line(
        "  VAE              %d wide, %d latent channels",
        sizes.vae().width(), sizes.vae().latentChannels());
    line(
        "  images           %dx%d pixels, %s tokens",
        sizes.imageGrid().columns() * sizes.pixelsPerToken(),
        sizes.imageGrid().rows() * sizes.pixelsPerToken(),
        sizes.imageGrid());
  }

  private void memory(Map<Precision, MemoryEstimate> estimates) {
    if (estimates.isEmpty()) {
      return;
    }
    line("Expected: weights in memory; bundle on disk; keys and values of 1000 positions");
    Table table = new Table();
    estimates.forEach(
        (precision, estimate) ->
            table.row(
                precision.id(),
                String.join(
                    "; ",
                    Table.bytes(estimate.weightBytes()),
                    Table.bytes(estimate.bundleBytes()),
                    Table.bytes(estimate.backboneCacheBytes())
                        + " backbone, "
                        + Table.bytes(estimate.flowHeadCacheBytes())
                        + " flow head")));
    text.append(table);
  }

  static String altered(List<AlteredFile> altered) {
    InspectionText lines = new InspectionText();
    if (altered.isEmpty()) {
      lines.line("All files have the hashes that the manifest lists.");
    }
    for (AlteredFile file : altered) {
      lines.line(
          "%s was altered: its SHA-256 should be %s, found %s",
          file.name(), file.expected(), file.found());
    }
    return lines.text.toString();
  }

  private void line(String format, Object... values) {
    // What a file says of itself must not steer the terminal.
    String line = Terminal.printable(String.format(Locale.ROOT, format, values));
    text.append(line).append(System.lineSeparator());
  }
}
