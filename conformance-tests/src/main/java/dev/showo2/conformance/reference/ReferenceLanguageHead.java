package dev.showo2.conformance.reference;

import dev.showo2.model.Architecture;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** logits = hidden · Wᵀ, where W is the embedding matrix when tied (SPEC 5). */
final class ReferenceLanguageHead implements LanguageHead {

  private final int width;
  private final Linear matrix;
  private final Lifetime lifetime;

  ReferenceLanguageHead(Architecture.Decoder sizes, Weights weights, Lifetime lifetime) {
    this.width = sizes.hiddenSize();
    this.matrix =
        weights.linearWithoutBias(
            sizes.tiedEmbeddings() ? ReferenceTextEmbedding.MATRIX : "showo.lm_head",
            sizes.vocabularySize(),
            width);
    this.lifetime = lifetime;
  }

  @Override
  public Tensor logits(LanguageHeadRequest request) {
    return lifetime.whileOpen(
        () -> {
          HostTensor hidden =
              ReferenceTensor.require(
                  request.hidden(), lifetime, "hidden [B, S, " + width + "]", -1, -1, width);
          int batch = Math.toIntExact(hidden.shape().dimension(0));
          int length = Math.toIntExact(hidden.shape().dimension(1));
          Matrix all = Matrix.of(hidden);
          Matrix chosen = request.lastOnly() ? lastOfEach(all, length) : all;
          Matrix logits = matrix.apply(chosen);
          return new ReferenceTensor(
              logits.toTensor(batch, logits.rows() / batch, logits.columns()), lifetime);
        });
  }

  private static Matrix lastOfEach(Matrix all, int length) {
    List<Matrix> last = new ArrayList<>();
    for (int end = length; end <= all.rows(); end += length) {
      last.add(all.rows(end - 1, end));
    }
    return Matrix.stack(last);
  }
}
