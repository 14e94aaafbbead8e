package dev.showo2.export.internal.calibration;

import org.apiguardian.api.API;

/**
 * A layer that is quantized though its error was too large, because its inputs were made more even.
 *
 * @param before as it would be without
 * @param after as it is
 * @param isSmoothed whether its inputs are divided by factors
 * @param changesInputs whether that, or their rotation, is done when the model runs and not folded
 *     into what precedes it
 * @param isRotated whether its inputs are rotated in blocks
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record MitigatedError(
    LayerError before,
    LayerError after,
    boolean isSmoothed,
    boolean changesInputs,
    boolean isRotated) {}
