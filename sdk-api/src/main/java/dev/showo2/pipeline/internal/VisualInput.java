package dev.showo2.pipeline.internal;

import dev.showo2.sequence.internal.VisualTokens;
import dev.showo2.tensor.Tensor;
import java.util.List;

/** An image or video that a question is about. */
sealed interface VisualInput permits ImageInput, VideoInput {

  /** How its tokens will stand in the sequence. */
  VisualTokens layout();

  /**
   * Encodes it and makes its tokens, piece by piece [1, S, D]; whoever receives them closes them.
   */
  List<Tensor> tokens(RequestContext run);
}
