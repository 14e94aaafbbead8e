package dev.showo2.export;

import dev.showo2.model.Precision;
import java.util.OptionalDouble;
import org.apiguardian.api.API;

/**
 * Size and quantization error of one exported part of a model.
 *
 * @param precision that it has now
 * @param bytes of its weights; time embedding and final layer count as the flow head's
 * @param error how far quantization moves the results of its stages, with fp32 inputs: relative
 *     root mean square, the largest of its stages; empty for parts in fp32 and where it was not
 *     measured
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PartSummary(ModelPart part, Precision precision, long bytes, OptionalDouble error) {}
