package dev.showo2.export;

import org.apiguardian.api.API;

/**
 * A layer that stayed in 32-bit floats, because rounding would have moved its output too far.
 *
 * @param key of its weight
 * @param error that rounding would have made: relative root mean square, over all tokens
 * @param worstTokenError the same of the single token that it is largest for
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record UnquantizedLayer(String key, double error, double worstTokenError) {}
