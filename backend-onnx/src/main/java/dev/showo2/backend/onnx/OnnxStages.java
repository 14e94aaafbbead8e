package dev.showo2.backend.onnx;

import dev.showo2.spi.support.Closer;
import dev.showo2.spi.support.StageArguments.FusionArguments;
import dev.showo2.spi.support.StageArguments.LanguageHeadArguments;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** The stages that keep nothing between two calls. */
record OnnxStages(OnnxContext context) {

  Tensor embedText(TextEmbeddingRequest request) {
    return context
        .lifetime()
        .call(
            () -> {
              long[] ids =
                  Arrays.stream(context.arguments().textEmbedding(request))
                      .asLongStream()
                      .toArray();
              try (OnnxCall call = context.call(Stage.TEXT_EMBEDDING)) {
                call.integers("ids", ids, request.ids().length, request.ids()[0].length);
                return context.tensor(call.run("embeddings"));
              }
            });
  }

  TimeFeatures embedTime(TimeEmbeddingRequest request) {
    return context
        .lifetime()
        .call(
            () -> {
              try (OnnxCall call = context.call(Stage.TIME_EMBEDDING)) {
                call.floats("time", request.times(), request.times().length);
                List<NativeValue> results = call.run(List.of("vector", "token"));
                return new TimeFeatures(
                    context.tensor(results.get(0)), context.tensor(results.get(1)));
              }
            });
  }

  Tensor logits(LanguageHeadRequest request) {
    return context
        .lifetime()
        .call(
            () -> {
              LanguageHeadArguments<OnnxValueTensor> checked =
                  context.arguments().languageHead(request);
              long[] positions =
                  LongStream.range(checked.firstPosition(), checked.length()).toArray();
              try (OnnxCall call = context.call(Stage.LANGUAGE_HEAD)) {
                call.input("hidden", checked.hidden());
                call.integers("positions", positions, positions.length);
                return context.tensor(call.run("logits"));
              }
            });
  }

  Tensor fuse(FusionRequest request) {
    return context
        .lifetime()
        .call(
            () -> {
              FusionArguments<OnnxValueTensor> checked = context.arguments().fusion(request);
              try (Closer closer = new Closer();
                  OnnxCall call = context.call(Stage.FUSION)) {
                NativeValue tokens =
                    closer.add(call.input("latents", checked.latents()).run("tokens"));
                if (checked.resized().isPresent()) {
                  return context.tensor(resize(tokens, checked));
                }
                closer.keepAll();
                return context.tensor(tokens);
              }
            });
  }

  private NativeValue resize(NativeValue tokens, FusionArguments<OnnxValueTensor> checked) {
    try (OnnxCall call = context.call(Stage.FUSION_RESIZE)) {
      return call.input("tokens", tokens)
          .integer("rows", checked.tokens().rows())
          .integer("columns", checked.tokens().columns())
          .integer("new_rows", checked.resized().orElseThrow().rows())
          .integer("new_columns", checked.resized().orElseThrow().columns())
          .run("resized");
    }
  }
}
