package dev.showo2.export;

import dev.showo2.export.internal.graph.StageGraph;
import dev.showo2.export.internal.graph.StageGraphs;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.export.synthetic.SyntheticModels;
import dev.showo2.model.Architecture;
import dev.showo2.model.GraphFile;
import dev.showo2.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The tables of {@code backend-tensorrt/ROOFLINE.md}, from the portable graphs in fp16. */
final class Roofline {

  static final List<String> MODELS = List.of("1.5b", "1.5b-hq-512", "1.5b-hq-1024", "7b");

  /** Those whose text tokens differ. */
  private static final Set<String> TEXTS = Set.of("1.5b", "7b");

  /** Those whose images differ in size. */
  private static final Set<String> IMAGES = Set.of("1.5b", "1.5b-hq-512", "1.5b-hq-1024");

  /** Positions before an image, in both branches. */
  static final int PROMPT = 100;

  /** Positions before a text token. */
  static final int TEXT = 1000;

  static final int BRANCHES = 2;

  /** Seconds of stages that get no row of their own. */
  private static final double NEGLIGIBLE = 1e-5;

  private static final String PRESENT = "present_";

  /** As much as a GPU can do in a second; operations of dense products, and bytes of its memory. */
  private record Gpu(String name, double half, double tf32, double single, double bandwidth) {

    static final Gpu H200 = new Gpu("H200", 989e12, 494.5e12, 67e12, 4.8e12);

    /** Sums of products in 32 bits. */
    static final Gpu RTX_4090 = new Gpu("RTX 4090", 165.2e12, 82.6e12, 82.6e12, 1.008e12);

    /** Seconds, if all products are those of 16-bit floats. */
    double limit(StageCost cost) {
      return Math.max(cost.operations() / half, cost.bytes() / bandwidth);
    }

    /** Seconds, if products are of the types that the graph gives them, those of fp32 in TF32. */
    double typed(StageCost cost) {
      return Math.max(cost.half() / half + cost.single() / tf32, cost.bytes() / bandwidth);
    }

    /** As {@link #typed}, with fp32 as it is. */
    double exact(StageCost cost) {
      return Math.max(cost.half() / half + cost.single() / single, cost.bytes() / bandwidth);
    }
  }

  /** The least time of a stage on a GPU. */
  @FunctionalInterface
  private interface Limit {
    double seconds(Gpu gpu, StageCost cost);
  }

  private final Path folder;
  private final Map<String, Map<String, Map<String, StageCost>>> models = new LinkedHashMap<>();

  /**
   * @param folder for the checker's files
   */
  Roofline(Path folder) {
    this.folder = folder;
  }

  /** Both tables, in Markdown. */
  String tables() throws IOException {
    for (String model : MODELS) {
      models.put(model, works(model));
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "| model, pixels | stage | TFLOP in fp16 | TFLOP in fp32 | weights, MB | values, MB"
            + " | scores, MB | H200, ms | RTX 4090, ms |");
    lines.add("|---|---|---:|---:|---:|---:|---:|---:|---:|");
    models.forEach(
        (model, works) ->
            works.values().stream()
                .flatMap(stages -> stages.entrySet().stream())
                .filter(stage -> Gpu.RTX_4090.limit(stage.getValue()) > NEGLIGIBLE)
                .forEach(stage -> lines.add(stageRow(model, stage.getKey(), stage.getValue()))));
    lines.add("");
    lines.add(
        "| model, pixels | work | TFLOP | H200: limit, ms | as typed, TF32 | as typed, fp32"
            + " | target | RTX 4090: limit, ms | as typed | target |");
    lines.add("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    models.forEach(
        (model, works) -> works.forEach((work, stages) -> lines.add(workRow(model, work, stages))));
    return String.join("\n", lines) + "\n";
  }

  private static String pixels(String model) {
    Architecture a = SyntheticModels.architecture(model).orElseThrow();
    return "`" + model + "`, " + a.imageGrid().rows() * a.pixelsPerToken();
  }

  private static String stageRow(String model, String stage, StageCost cost) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.4f | %.4f | %.1f | %.1f | %.1f | %.3f | %.3f |",
        pixels(model),
        stage,
        cost.half() / 1e12,
        cost.single() / 1e12,
        cost.weights() / 1e6,
        cost.values() / 1e6,
        cost.scores() / 1e6,
        Gpu.H200.limit(cost) * 1e3,
        Gpu.RTX_4090.limit(cost) * 1e3);
  }

  private static String workRow(String model, String work, Map<String, StageCost> stages) {
    double h200 = milliseconds(Gpu.H200, stages, Gpu::limit);
    double rtx4090 = milliseconds(Gpu.RTX_4090, stages, Gpu::limit);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.3f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |",
        pixels(model),
        work,
        stages.values().stream().mapToDouble(StageCost::operations).sum() / 1e12,
        h200,
        milliseconds(Gpu.H200, stages, Gpu::typed),
        milliseconds(Gpu.H200, stages, Gpu::exact),
        1.5 * h200,
        rtx4090,
        milliseconds(Gpu.RTX_4090, stages, Gpu::typed),
        1.5 * rtx4090);
  }

  private static double milliseconds(Gpu gpu, Map<String, StageCost> stages, Limit limit) {
    return 1e3 * stages.values().stream().mapToDouble(cost -> limit.seconds(gpu, cost)).sum();
  }

  /** The stages of each work, by names. */
  Map<String, Map<String, StageCost>> works(String model) throws IOException {
    Architecture a = SyntheticModels.architecture(model).orElseThrow();
    BundleOnPaper weights = new BundleOnPaper(a, ExportPrecision.parse("fp16,vae=fp16"));
    Path files = Files.createDirectory(folder.resolve(model));
    weights.writeEmptyFiles(files);
    Map<Stage, StageGraph> graphs = new HashMap<>();
    StageGraphs.build(a, weights, Dialect.PORTABLE).stream()
        .filter(graph -> graph.part().equals(GraphFile.MAIN))
        .forEach(graph -> graphs.put(graph.stage(), graph));
    Sizing sizing = new Sizing(a, graphs, files);
    Map<String, Map<String, StageCost>> works = new LinkedHashMap<>();
    works.put("guided step", sizing.guidedStep());
    if (TEXTS.contains(model)) {
      works.put("text token", sizing.textToken());
    }
    if (IMAGES.contains(model)) {
      works.put("VAE decode", Map.of("VAE decoder", sizing.vae(Stage.VAE_IMAGE_DECODER)));
      works.put("VAE encode", Map.of("VAE encoder", sizing.vae(Stage.VAE_IMAGE_ENCODER)));
    }
    return works;
  }

  /** The inputs of the stages of one model. */
  private record Sizing(Architecture a, Map<Stage, StageGraph> graphs, Path files) {

    Map<String, StageCost> guidedStep() throws IOException {
      long tokens = (long) a.imageGrid().rows() * a.imageGrid().columns();
      Map<String, StageCost> stages = new LinkedHashMap<>();
      stages.put(
          "fusion",
          cost(
              Stage.FUSION,
              Map.of("batch", 1L, "frames", 1L, "height", side(), "width", side()),
              PRESENT));
      stages.put("time embedding", cost(Stage.TIME_EMBEDDING, Map.of("batch", 1L), PRESENT));
      Map<String, Long> span = span(BRANCHES, tokens + 1, PROMPT);
      stages.put("backbone, step", cost(Stage.BACKBONE, span, PRESENT));
      stages.put("flow head, step", cost(Stage.FLOW_HEAD, span, PRESENT));
      return stages;
    }

    /** What is appended to the cache is a position; what the graph gives back is all of it. */
    Map<String, StageCost> textToken() throws IOException {
      Map<String, StageCost> stages = new LinkedHashMap<>();
      stages.put(
          "text embedding",
          cost(Stage.TEXT_EMBEDDING, Map.of("batch", 1L, "sequence", 1L), PRESENT));
      Architecture.Decoder backbone = a.backbone();
      long position =
          2L * backbone.layers() * backbone.keyValueHeads() * backbone.headSize() * Float.BYTES;
      stages.put(
          "backbone, token", cost(Stage.BACKBONE, span(1, 1, TEXT), PRESENT).withMore(position));
      stages.put(
          "language head",
          cost(Stage.LANGUAGE_HEAD, Map.of("batch", 1L, "sequence", 1L, "chosen", 1L), PRESENT));
      return stages;
    }

    StageCost vae(Stage stage) throws IOException {
      return cost(
          stage,
          Map.of(
              "batch",
              1L,
              "height",
              side(),
              "width",
              side(),
              "pixel_height",
              8 * side(),
              "pixel_width",
              8 * side()),
          PRESENT);
    }

    private long side() {
      return (long) a.imageGrid().rows() * a.patchSize();
    }

    private static Map<String, Long> span(long batch, long sequence, long past) {
      return Map.of(
          "batch", batch,
          "sequence", sequence,
          "past", past,
          "mask_rows", 1L,
          "mask_columns", 1L);
    }

    private StageCost cost(Stage stage, Map<String, Long> sizes, String unasked)
        throws IOException {
      return StageCost.of(graphs.get(stage).model(), files, sizes, unasked);
    }
  }
}
