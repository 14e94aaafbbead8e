package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(ExportedModels.class)
class TextRulesTest {

  /** Of both tiny models. */
  private static final int VOCABULARY = 508;

  private static StageBench bench;

  @BeforeAll
  static void open(Models models) {
    bench = new StageBench(models);
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"L01", "L02", "L03", "L04", "L05"})
  void theReferenceKeepsTheRule(Rule rule) {
    bench.assertKept(rule);
  }

  @Test
  void aLastRowThatIsMissingIsSeen() {
    bench.assertBroken(
        Rule.L01, "with the last row in it", withIds(id -> Math.min(id, VOCABULARY - 2)));
  }

  @Test
  void idsThatAreClampedAreSeen() {
    bench.assertBroken(
        Rule.L04,
        "id 508 expected InvalidRequestException, found embeddings [2, 2,",
        withIds(id -> Math.max(0, Math.min(VOCABULARY - 1, id))));
  }

  @Test
  void anotherExceptionIsSeen() {
    bench.assertBroken(
        Rule.L04,
        "id -1 expected InvalidRequestException, found java.lang.IllegalArgumentException",
        withIds(
            id -> {
              if (id < 0 || id >= VOCABULARY) {
                throw new IllegalArgumentException("no such row");
              }
              return id;
            }));
  }

  @Test
  void theMatrixOfTheEmbeddingsIsSeenWhereTheHeadHasItsOwn() {
    bench.assertBroken(
        Rule.L02,
        "tiny-b",
        "look at the matrix: this checkpoint's is showo.lm_head.weight",
        right ->
            new Altered(right) {
              @Override
              public LanguageHead languageHead() {
                return request -> tied(request.hidden().toHost());
              }

              private Tensor tied(HostTensor hidden) {
                int[] ids = new int[VOCABULARY];
                Arrays.setAll(ids, id -> id);
                TextEmbeddingRequest all = TextEmbeddingRequest.of(new int[][] {ids});
                return changed(textEmbedding().embed(all), matrix -> product(hidden, matrix));
              }
            });
  }

  @Test
  void theFirstPositionInPlaceOfTheLastIsSeen() {
    bench.assertBroken(
        Rule.L03,
        "position S - 1",
        withLogits(
            (request, logits) -> request.lastOnly() ? HostTensors.slice(logits, 1, 0, 1) : logits));
  }

  @Test
  void rowsThatChangePlacesAreSeen() {
    bench.assertBroken(
        Rule.L05,
        "where batch and positions are folded",
        withLogits(
            (request, logits) ->
                Altered.reversed(
                    request.lastOnly() ? HostTensors.slice(logits, 1, 3, 1) : logits, 0)));
    bench.assertBroken(
        Rule.L05,
        "look at how the ids are laid out",
        right ->
            new Altered(right) {
              @Override
              public TextEmbedding textEmbedding() {
                return request ->
                    changed(
                        super.textEmbedding().embed(request),
                        embeddings -> reversed(embeddings, 0));
              }
            });
  }

  /** The fate of the logits of all positions. */
  private interface LogitsChange {
    HostTensor of(LanguageHeadRequest request, HostTensor logits);
  }

  private static UnaryOperator<Backend> withLogits(LogitsChange change) {
    return right ->
        new Altered(right) {
          @Override
          public LanguageHead languageHead() {
            return request ->
                changed(
                    right.languageHead().logits(LanguageHeadRequest.of(request.hidden(), false)),
                    logits -> change.of(request, logits));
          }
        };
  }

  private static UnaryOperator<Backend> withIds(IntUnaryOperator change) {
    return right ->
        new Altered(right) {
          @Override
          public TextEmbedding textEmbedding() {
            return request ->
                right
                    .textEmbedding()
                    .embed(
                        TextEmbeddingRequest.of(
                            Arrays.stream(request.ids())
                                .map(row -> Arrays.stream(row).map(change).toArray())
                                .toArray(int[][]::new)));
          }
        };
  }

  /** hidden [1, S, D] · matrix [1, V, D] transposed. */
  private static HostTensor product(HostTensor hidden, HostTensor matrix) {
    int length = (int) hidden.shape().dimension(1);
    int width = (int) hidden.shape().dimension(2);
    float[] logits = new float[length * VOCABULARY];
    for (int i = 0; i < logits.length; i++) {
      for (int j = 0; j < width; j++) {
        logits[i] +=
            hidden.values()[i / VOCABULARY * width + j]
                * matrix.values()[i % VOCABULARY * width + j];
      }
    }
    return new HostTensor(Shape.of(1, length, VOCABULARY), logits);
  }
}
