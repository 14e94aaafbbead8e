package dev.showo2.export;

import org.apiguardian.api.API;

/**
 * Layer that is quantized although single inputs of it are far larger than the others, because they
 * were made more even.
 *
 * @param key of its weight
 * @param isSmoothed whether inputs are divided by constant factors
 * @param isRotated whether inputs are rotated in blocks when the model runs, so that a large one is
 *     spread over its block
 * @param changesInputs whether the layer does that when the model runs; false where the factors
 *     were folded into the weights before it and cost nothing
 * @param errorBefore that quantization would have made without: relative root mean square, over all
 *     tokens
 * @param error that it makes now
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MitigatedLayer(
    String key,
    boolean isSmoothed,
    boolean isRotated,
    boolean changesInputs,
    double errorBefore,
    double error) {}
