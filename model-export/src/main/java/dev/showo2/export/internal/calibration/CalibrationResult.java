package dev.showo2.export.internal.calibration;

import dev.showo2.export.internal.quantization.WeightTransform;
import dev.showo2.stage.Stage;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * Errors that quantized weights cause in a model.
 *
 * @param stages text embedding, fusion, backbone, language head and flow head, with those layers in
 *     fp32
 * @param layers every layer whose weight is encoded, in the order of the computation
 * @param mitigated layers that are quantized because their inputs are smoothed or rotated
 * @param transforms of weights, by key, that make them so
 * @param sample to check a backend with
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record CalibrationResult(
    Map<Stage, StageError> stages,
    List<LayerError> layers,
    List<MitigatedError> mitigated,
    Map<String, WeightTransform> transforms,
    CalibrationSample sample) {

  public CalibrationResult {
    stages = Collections.unmodifiableMap(new EnumMap<>(stages));
    layers = List.copyOf(layers);
    mitigated = List.copyOf(mitigated);
    transforms = Map.copyOf(transforms);
  }

  /** The layers whose weights have to stay in 32-bit floats, because their errors are too large. */
  public List<LayerError> unquantized() {
    return layers.stream().filter(LayerError::isKept).toList();
  }
}
