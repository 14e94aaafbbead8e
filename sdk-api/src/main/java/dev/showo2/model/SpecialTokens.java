package dev.showo2.model;

import org.apiguardian.api.API;

/**
 * The ids of the tokens that structure a sequence (SPEC 8). Immutable and thread-safe.
 *
 * @param bos begins a sequence: {@code <|im_start|>}
 * @param eos ends a turn: {@code <|im_end|>}
 * @param boi before an image: {@code <|vision_start|>}
 * @param eoi after an image: {@code <|vision_end|>}
 * @param bov before a video: {@code <|vid_start|>}
 * @param eov after a video: {@code <|vid_end|>}
 * @param imagePad placeholder for the tokens of an image in lists of ids
 * @param videoPad placeholder for the tokens of a video in lists of ids
 * @param pad fills rows up to one length
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SpecialTokens(
    int bos, int eos, int boi, int eoi, int bov, int eov, int imagePad, int videoPad, int pad) {}
