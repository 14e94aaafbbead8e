package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.internal.device.EngineCall.Binding;
import dev.showo2.spi.support.StageArguments.FusionArguments;
import dev.showo2.spi.support.StageArguments.LanguageHeadArguments;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * The stages that keep nothing between two calls.
 *
 * @param embeddings null if the bundle has none, nor the stage
 */
record TensorRtStages(DeviceContext context, EmbeddingRows embeddings) {

  Tensor embedText(TextEmbeddingRequest request) {
    return context
        .lifetime()
        .call(
            () -> {
              int[] ids = context.arguments().textEmbedding(request);
              Shape shape =
                  Shape.of(
                      request.ids().length,
                      request.ids()[0].length,
                      context.architecture().backbone().hiddenSize());
              return context.tensor(
                  new Binding(
                      context
                          .queue()
                          .upload(
                              shape.elementCount() * Float.BYTES,
                              bytes -> embeddings.read(ids, bytes.asFloatBuffer())),
                      shape));
            });
  }

  TimeFeatures embedTime(TimeEmbeddingRequest request) {
    return context
        .lifetime()
        .call(
            () -> {
              try (StageCall call = context.call(Stage.TIME_EMBEDDING)) {
                call.floats("time", request.times(), request.times().length);
                Map<String, Binding> results = call.run();
                return new TimeFeatures(
                    context.tensor(results.get("vector")), context.tensor(results.get("token")));
              }
            });
  }

  Tensor logits(LanguageHeadRequest request) {
    return context
        .lifetime()
        .call(
            () -> {
              LanguageHeadArguments<DeviceTensor> checked =
                  context.arguments().languageHead(request);
              long[] positions =
                  LongStream.range(checked.firstPosition(), checked.length()).toArray();
              try (StageCall call = context.call(Stage.LANGUAGE_HEAD)) {
                call.input("hidden", checked.hidden());
                call.integers("positions", positions, positions.length);
                return context.tensor(call.run().get("logits"));
              }
            });
  }

  Tensor fuse(FusionRequest request) {
    return context
        .lifetime()
        .call(
            () -> {
              FusionArguments<DeviceTensor> checked = context.arguments().fusion(request);
              Binding tokens;
              try (StageCall call = context.call(Stage.FUSION)) {
                tokens = call.input("latents", checked.latents()).run().get("tokens");
              }
              return context.tensor(
                  checked.resized().isPresent() ? resized(tokens, checked) : tokens);
            });
  }

  /** Takes over the tokens. */
  private Binding resized(Binding tokens, FusionArguments<DeviceTensor> checked) {
    try (StageCall call = context.call(Stage.FUSION_RESIZE)) {
      return call.own("tokens", tokens)
          .shapeValue("rows", checked.tokens().rows())
          .shapeValue("columns", checked.tokens().columns())
          .shapeValue("new_rows", checked.resized().orElseThrow().rows())
          .shapeValue("new_columns", checked.resized().orElseThrow().columns())
          .run()
          .get("resized");
    }
  }
}
