package dev.showo2.export.internal.calibration;

import dev.showo2.export.internal.calibration.LayerTrials.Call;
import dev.showo2.export.internal.calibration.LayerTrials.Trial;
import dev.showo2.export.internal.quantization.BlockRotation;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.export.internal.quantization.WeightTransform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Linear layers, their weights read when they are needed. A layer's error decides which result the
 * quantized stream goes on with. Where it is too large in 8 or 4 bits, it is tried to smooth the
 * layer's inputs in what precedes it, which costs nothing when the model is used; then to scale
 * them, to rotate them, and both, which costs little.
 */
final class LinearLayers {

  private final WeightReader reader;
  private final LayerTrials trials;
  private final boolean mitigating;
  private final Map<String, LayerError> errors = new LinkedHashMap<>();
  private final Map<String, WeightTransform> transforms = new LinkedHashMap<>();
  private final List<MitigatedError> mitigated = new ArrayList<>();

  /**
   * @param mitigating whether anything is tried for layers whose error is too large
   */
  LinearLayers(WeightReader reader, Encodings encodings, RowWorkers workers, boolean mitigating) {
    this.reader = reader;
    this.trials = new LayerTrials(reader, encodings, workers);
    this.mitigating = mitigating;
  }

  WeightReader reader() {
    return reader;
  }

  RowWorkers workers() {
    return trials.workers();
  }

  /** A weight and a bias under one key. */
  Activations withBias(String key, Activations x) {
    return together(x, Optional.empty(), Call.withBias(key)).get(0);
  }

  Activations withoutBias(String key, Activations x) {
    return together(x, Optional.empty(), Call.withoutBias(key)).get(0);
  }

  /**
   * All layers that have the same input.
   *
   * @param smoothing where factors of the input can go
   * @return the results of the layers, in their order
   */
  List<Activations> together(Activations x, Optional<Smoothing> smoothing, Call... calls) {
    List<Trial> results = new ArrayList<>();
    for (Call call : calls) {
      results.add(trials.first(call, x));
    }
    List<Trial> before = List.copyOf(results);
    if (mitigating) {
      smoothing.ifPresent(source -> smooth(source, results, x));
      results.replaceAll(trial -> isOutlier(trial) ? mitigated(trial, x) : trial);
    }
    List<Activations> chosen = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      Trial trial = results.get(i);
      note(before.get(i).error(), trial);
      chosen.add(
          trial.isEncoded()
              ? choose(trial.error(), trial.plain(), trial.quantized())
              : trial.plain());
    }
    return chosen;
  }

  private void note(LayerError before, Trial trial) {
    if (!trial.transform().isIdentity()) {
      transforms.merge(
          trial.call().weight(), trial.transform(), (rows, others) -> others.withRows(rows.rows()));
    }
    if (before.isKept() && !trial.error().isKept()) {
      mitigated.add(
          new MitigatedError(
              before,
              trial.error(),
              trial.transform().columns().length > 0,
              trial.transform().changesInputs(),
              trial.transform().rotation().isPresent()));
    }
  }

  private static boolean isOutlier(Trial trial) {
    return trial.error().isKept()
        && trial.error().encoding().isScaled()
        // The embedding reads the rows of a tied matrix as they are.
        && !trial.call().weight().equals(StagePasses.TextEmbeddingPass.MATRIX);
  }

  /** Keeps the smoothed layers if fewer of them are off by too much. */
  private void smooth(Smoothing source, List<Trial> results, Activations x) {
    long outliers = results.stream().filter(LinearLayers::isOutlier).count();
    if (outliers == 0
        || !Smoothing.suits(x)
        || results.stream().noneMatch(trial -> trial.error().encoding() == WeightEncoding.INT8)) {
      return;
    }
    float[] factors = source.factors(x, results.stream().map(Trial::largest).toList());
    WeightTransform transform = WeightTransform.NONE.withColumns(factors);
    List<Trial> smoothed = new ArrayList<>();
    for (Trial trial : results) {
      smoothed.add(trials.again(trial, x, transform));
    }
    if (smoothed.stream().filter(LinearLayers::isOutlier).count() < outliers) {
      results.clear();
      results.addAll(smoothed);
      fold(source, factors);
    }
  }

  private void fold(Smoothing source, float[] factors) {
    for (Smoothing.Fold fold : source.folds()) {
      WeightTransform known = transforms.getOrDefault(fold.key(), WeightTransform.NONE);
      int rows = reader.rows(fold.key());
      transforms.put(fold.key(), known.withRows(source.rows(fold, known.rows(), rows, factors)));
    }
  }

  /** The first of what may help that does, cheapest first. */
  private Trial mitigated(Trial trial, Activations x) {
    for (WeightTransform transform : remedies(trial, x)) {
      Trial next = trials.again(trial, x, transform);
      if (!next.error().isKept()) {
        return next;
      }
    }
    return trial;
  }

  private static List<WeightTransform> remedies(Trial trial, Activations x) {
    List<WeightTransform> remedies = new ArrayList<>();
    WeightTransform known = trial.transform();
    BlockRotation blocks = BlockRotation.of(x.channels());
    boolean isInt8 = trial.error().encoding() == WeightEncoding.INT8;
    Optional<WeightTransform> scaled =
        isInt8 && known.isIdentity() && Smoothing.suits(x)
            ? Optional.of(
                known.withInputs(Smoothing.of(x.channels()).factors(x, List.of(trial.largest()))))
            : Optional.empty();
    scaled.ifPresent(remedies::add);
    if (blocks.spreads()) {
      remedies.add(known.withRotation(blocks));
      scaled.ifPresent(transform -> remedies.add(transform.withRotation(blocks)));
    }
    return remedies;
  }

  /**
   * The fp32 stream with the fp32 result, the quantized one with what a backend will compute.
   *
   * @param error if the weight was used before, the worse of the two counts
   */
  Activations choose(LayerError error, Activations plain, Activations quantized) {
    LayerError worse = errors.merge(error.key(), error, LayerError::worse);
    if (!worse.isKept()) {
      for (int i = 0; i < plain.channels(); i++) {
        System.arraycopy(
            quantized.values()[i],
            plain.tokens(),
            plain.values()[i],
            plain.tokens(),
            plain.tokens());
      }
    }
    return plain;
  }

  /** Whether a weight was found to stay in 32-bit floats. */
  boolean keeps(String key) {
    return errors.containsKey(key) && errors.get(key).isKept();
  }

  /** Those of all encoded layers so far, in the order of the computation. */
  List<LayerError> errors() {
    return List.copyOf(errors.values());
  }

  /** Changes of weights by key. */
  Map<String, WeightTransform> transforms() {
    return transforms;
  }

  /** The layers that are quantized thanks to them, in the order of the computation. */
  List<MitigatedError> mitigated() {
    return List.copyOf(mitigated);
  }
}
