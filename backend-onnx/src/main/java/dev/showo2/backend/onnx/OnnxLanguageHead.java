package dev.showo2.backend.onnx;

import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.tensor.Tensor;
import java.util.stream.LongStream;

record OnnxLanguageHead(StageRunner runner, int width) implements LanguageHead {

  @Override
  public Tensor logits(LanguageHeadRequest request) {
    long length =
        TensorShapes.require(
                request.hidden(),
                "hidden [B, S, " + width + "]",
                TensorShapes.ANY,
                TensorShapes.ANY,
                width)
            .dimension(1);
    long first = request.lastOnly() ? length - 1 : 0;
    long[] positions = LongStream.range(first, length).toArray();
    return runner.run(
        "logits",
        call ->
            call.input("hidden", request.hidden())
                .integers("positions", positions, positions.length));
  }
}
