package dev.showo2.sequence;

import org.apiguardian.api.API;

/**
 * A whole sequence as one row of token ids, as the reference code lays it out for generation and
 * training: the image's place is filled with its pad token, the end with pads.
 *
 * @param ids token ids
 * @param spanOffset where full attention starts: at the time token
 * @param spanLength time token and image tokens
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@SuppressWarnings("ArrayRecordComponent")
public record TokenRow(int[] ids, int spanOffset, int spanLength) {}
