package dev.showo2.export.internal.calibration;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.Architecture;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Computes a small request with a checkpoint's weights, in fp32 and as their encodings quantize
 * them, layer by layer in one pass over the weights. Only a tied embedding matrix is read twice,
 * and layers whose error is too large are once more for each thing that is tried for them. Each
 * stage gets the fp32 results of those before it.
 *
 * <p>A layer whose error remains too large goes on in 32-bit floats in the quantized stream too.
 * The same weights and ids give the same result in every bit, however many processors there are.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Calibration {

  private static final float TIME = 0.5f;

  private final Architecture architecture;
  private final WeightReader reader;
  private final Encodings encodings;
  private final LinearLayers layers;
  private final Map<Stage, StageError> errors = new EnumMap<>(Stage.class);

  private Calibration(
      Architecture architecture,
      WeightReader reader,
      Encodings encodings,
      RowWorkers workers,
      boolean mitigating) {
    this.architecture = architecture;
    this.reader = reader;
    this.encodings = encodings;
    this.layers = new LinearLayers(reader, encodings, workers, mitigating);
  }

  /**
   * Runs the request. Interrupting the thread ends it.
   *
   * @param encodings of matrices of linear layers by key; all others are 32-bit floats
   * @param ids of the text, at least one; see {@link CalibrationPrompt#ids}
   * @throws InvalidModelException if a weight is missing, has another shape or is damaged, or if a
   *     stage gives values that are not finite
   * @throws IllegalArgumentException if a weight cannot be encoded as it should
   * @throws dev.showo2.error.InvalidRequestException if the model has no embedding for an id
   * @throws dev.showo2.error.CancelledException if the thread is interrupted, which it stays
   */
  public static CalibrationResult run(
      Architecture architecture,
      CheckpointWeights model,
      Map<String, WeightEncoding> encodings,
      int[] ids,
      ExportListener listener) {
    int processors = Runtime.getRuntime().availableProcessors();
    return run(architecture, model, encodings, ids, listener, processors, true);
  }

  /**
   * @param mitigating whether smoothing and rotation are tried for layers whose error is too large
   */
  static CalibrationResult run(
      Architecture architecture,
      CheckpointWeights model,
      Map<String, WeightEncoding> encodings,
      int[] ids,
      ExportListener listener,
      int threads,
      boolean mitigating) {
    Encodings checked = Encodings.of(architecture, encodings);
    WeightReader reader = new WeightReader(architecture, model, listener);
    try (RowWorkers workers = new RowWorkers(threads)) {
      return new Calibration(architecture, reader, checked, workers, mitigating).run(ids.clone());
    }
  }

  private CalibrationResult run(int[] ids) {
    HostTensor embeddings = embed(ids);
    StagePasses.TimeEmbeddingPass time =
        StagePasses.TimeEmbeddingPass.run(architecture, layers, TIME);
    CalibrationImage image = CalibrationImage.of(architecture);
    HostTensor imageTokens = fuse(image);
    List<HostTensor> hidden = decode(List.of(embeddings, time.token(), imageTokens), ids.length);
    HostTensor logits = predict(hidden.get(0));
    HostTensor velocity = flow(hidden, time.vector());
    CalibrationSample sample =
        new CalibrationSample(
            ids,
            embeddings,
            TIME,
            time.vector().reshape(1, architecture.flowHead().hiddenSize()),
            time.token(),
            image.isUsual() ? Optional.of(image.latents()) : Optional.empty(),
            imageTokens,
            hidden.get(0),
            hidden.get(1),
            logits,
            velocity);
    return new CalibrationResult(
        errors, layers.errors(), layers.mitigated(), layers.transforms(), sample);
  }

  private HostTensor embed(int[] ids) {
    int streams = begin(Stage.TEXT_EMBEDDING);
    Activations embedded = StagePasses.TextEmbeddingPass.run(layers, encodings, ids, streams);
    return end(Stage.TEXT_EMBEDDING, embedded, 0, ids.length).get(0);
  }

  private HostTensor fuse(CalibrationImage image) {
    int streams = begin(Stage.FUSION);
    Activations tokens = new FusionPass(architecture, layers).run(image, streams);
    return end(Stage.FUSION, tokens, 0, tokens.tokens()).get(0);
  }

  /** Hidden states of text and span. */
  private List<HostTensor> decode(List<HostTensor> sequence, int text) {
    Activations x = Activations.of(sequence, begin(Stage.BACKBONE));
    Activations hidden = StagePasses.BackbonePass.run(architecture, layers, x, text);
    return end(Stage.BACKBONE, hidden, 0, text, hidden.tokens());
  }

  private HostTensor predict(HostTensor textHidden) {
    int streams = begin(Stage.LANGUAGE_HEAD);
    int last = Math.toIntExact(textHidden.shape().dimension(1)) - 1;
    HostTensor hidden = Activations.of(List.of(textHidden), 1).fp32(last, last + 1);
    String matrix =
        architecture.backbone().tiedEmbeddings() ? "showo.model.embed_tokens" : "showo.lm_head";
    Activations logits = layers.withoutBias(matrix, Activations.of(List.of(hidden), streams));
    if (layers.keeps(StagePasses.TextEmbeddingPass.MATRIX)) {
      // Tied, and too coarse for the head alone: then the embeddings stay in fp32 too.
      errors.put(Stage.TEXT_EMBEDDING, StageError.NONE);
    }
    return end(Stage.LANGUAGE_HEAD, logits, 0, 1).get(0);
  }

  /** Velocities of the image tokens; the time token precedes them. */
  private HostTensor flow(List<HostTensor> hidden, HostTensor timeVector) {
    int streams = begin(Stage.FLOW_HEAD);
    int text = Math.toIntExact(hidden.get(0).shape().dimension(1));
    Activations velocity =
        new StagePasses.FlowHeadPass(architecture, layers, text)
            .run(Activations.of(hidden, streams), Activations.of(List.of(timeVector), streams));
    return end(Stage.FLOW_HEAD, velocity, text + 1, velocity.tokens()).get(0);
  }

  private int begin(Stage stage) {
    reader.phase("calibrating " + stage.id());
    return encodings.streams(stage);
  }

  /**
   * The fp32 results between two positions each; records by how much the quantized ones are off.
   */
  private List<HostTensor> end(Stage stage, Activations result, int... bounds) {
    List<HostTensor> fp32 = new ArrayList<>();
    List<HostTensor> quantized = new ArrayList<>();
    for (int i = 0; i + 1 < bounds.length; i++) {
      fp32.add(result.fp32(bounds[i], bounds[i + 1]));
      quantized.add(result.quantized(bounds[i], bounds[i + 1]));
    }
    fp32.forEach(tensor -> requireFinite(stage, tensor));
    errors.put(stage, StageError.of(fp32, quantized));
    return fp32;
  }

  private static void requireFinite(Stage stage, HostTensor tensor) {
    for (float value : tensor.values()) {
      if (!Float.isFinite(value)) {
        throw new InvalidModelException(
            "stage "
                + stage.id()
                + " gives "
                + value
                + ": the model overflows, though its weights are finite; some are far too large, so"
                + " its training has failed or the file is damaged");
      }
    }
  }
}
