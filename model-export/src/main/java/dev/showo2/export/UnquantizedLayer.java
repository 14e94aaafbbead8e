package dev.showo2.export;

import org.apiguardian.api.API;

/**
 * Layer left in fp32 because quantization would cause too large an error in its output.
 *
 * @param key of its weight
 * @param error that rounding would have made: relative root mean square, over all tokens
 * @param worstTokenError the same of the single token that it is largest for
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record UnquantizedLayer(String key, double error, double worstTokenError) {}
