package dev.showo2.pipeline.internal;

import dev.showo2.sequence.internal.VisualTokens;
import dev.showo2.tensor.Tensor;
import java.util.List;

/** An image or video of a question. */
sealed interface VisualInput permits ImageInput, VideoInput {

  /** The layout of its tokens in the sequence. */
  VisualTokens layout();

  /** Encodes it as tokens, visual by visual [1, S, D]; the receiver closes them. */
  List<Tensor> tokens(RequestContext run);
}
