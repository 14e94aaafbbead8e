package dev.showo2.export.internal.calibration;

import dev.showo2.tensor.HostTensor;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * One request and everything that the stages give for it in fp32. What one stage gives is what the
 * next one gets, so a backend can be checked stage by stage with it.
 *
 * @param ids of the S text tokens, up to the one that begins an image; not to be changed
 * @param embeddings of the text [1, S, D]
 * @param time of the image, in 0 … 1
 * @param timeVector [1, H]
 * @param timeToken [1, 1, D]
 * @param latents of the image [1, C, 1, h, w]; absent where the model takes only larger images
 * @param imageTokens [1, L, D]
 * @param textHidden [1, S, D] of the embeddings as a causal segment
 * @param spanHidden [1, 1 + L, D] of time token and image tokens as a full segment after the text
 * @param logits [1, 1, V] of the last text token
 * @param velocity [1, L, 2·2·C] of the span after the text
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@SuppressWarnings("ArrayRecordComponent") // read only
public record CalibrationSample(
    int[] ids,
    HostTensor embeddings,
    float time,
    HostTensor timeVector,
    HostTensor timeToken,
    Optional<HostTensor> latents,
    HostTensor imageTokens,
    HostTensor textHidden,
    HostTensor spanHidden,
    HostTensor logits,
    HostTensor velocity) {}
