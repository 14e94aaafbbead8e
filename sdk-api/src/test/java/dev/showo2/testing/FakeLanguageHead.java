package dev.showo2.testing;

import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Says the tokens that it was given, one after the other; without any, all logits are 0. */
final class FakeLanguageHead implements LanguageHead {

  private static final float PADDING_LOGIT = 5;

  private final FakeResults results;
  private final int vocabulary;
  private final Deque<Integer> answer = new ArrayDeque<>();
  private final Map<Integer, Float> alsoLikely = new HashMap<>();
  private boolean answers;
  private int padding;

  FakeLanguageHead(FakeResults results, int vocabulary) {
    this.results = results;
    this.vocabulary = vocabulary;
  }

  void answering(int... ids) {
    answers = true;
    for (int id : ids) {
      answer.add(id);
    }
  }

  void padded(int rows) {
    padding = rows;
  }

  void alsoLikely(int id, float logit) {
    alsoLikely.put(id, logit);
  }

  @Override
  public Tensor logits(LanguageHeadRequest request) {
    Shape hidden = results.open(request.hidden()).shape();
    long length = hidden.dimension(1);
    results.log().call("language " + (request.lastOnly() ? "last of " : "all ") + length);
    int rows = vocabulary + padding;
    HostTensor logits =
        HostTensor.zeros(Shape.of(hidden.dimension(0), request.lastOnly() ? 1 : length, rows));
    for (int start = 0; start < logits.values().length; start += rows) {
      Arrays.fill(logits.values(), start + vocabulary, start + rows, PADDING_LOGIT);
      for (Map.Entry<Integer, Float> also : alsoLikely.entrySet()) {
        logits.values()[start + also.getKey()] = also.getValue();
      }
      if (answers) {
        logits.values()[start + answer.remove()] = 1;
      }
    }
    return results.first(Stage.LANGUAGE_HEAD, logits);
  }
}
