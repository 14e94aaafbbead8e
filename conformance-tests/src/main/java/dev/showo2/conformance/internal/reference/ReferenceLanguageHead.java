package dev.showo2.conformance.internal.reference;

import dev.showo2.model.Architecture;
import dev.showo2.spi.support.HostBackedTensor;
import dev.showo2.spi.support.StageArguments.LanguageHeadArguments;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** logits = hidden · Wᵀ, where W is the embedding matrix when tied (SPEC 5). */
final class ReferenceLanguageHead implements LanguageHead {

  private final Linear matrix;
  private final ReferenceContext context;

  ReferenceLanguageHead(ReferenceContext context) {
    Architecture.Decoder sizes = context.architecture().backbone();
    this.context = context;
    this.matrix =
        context
            .weights()
            .linearWithoutBias(
                sizes.tiedEmbeddings() ? ReferenceTextEmbedding.MATRIX : "showo.lm_head",
                sizes.vocabularySize(),
                sizes.hiddenSize());
  }

  @Override
  public Tensor logits(LanguageHeadRequest request) {
    return context
        .lifetime()
        .call(
            () -> {
              LanguageHeadArguments<HostBackedTensor> checked =
                  context.arguments().languageHead(request);
              Matrix all = Matrix.of(checked.hidden().values());
              Matrix chosen = request.lastOnly() ? lastOfEach(all, checked.length()) : all;
              Matrix logits = matrix.apply(chosen);
              return context.tensor(
                  logits.toTensor(
                      checked.batch(), logits.rows() / checked.batch(), logits.columns()));
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
