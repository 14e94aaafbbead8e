package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.spi.support.ComposedDenoiseStep;
import dev.showo2.spi.support.ForwardingBackbone;
import dev.showo2.spi.support.ForwardingBackend;
import dev.showo2.spi.support.ForwardingFlowHead;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.DenoiseStep;
import dev.showo2.stage.DenoiseStepRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Faults of calls that do several things at once are caught by their rules. */
@ExtendWith(ExportedModels.class)
class FusedCallsRulesTest {

  private static final String COMPARE = "compare the step with time embedding, fusion";

  private static TinyModels models;

  @BeforeAll
  static void open(Models exported) {
    models = new TinyModels(exported);
  }

  @AfterAll
  static void close() {
    models.close();
  }

  @Test
  void resultsOfAnotherOrderAreCaught() {
    models.assertCaught(
        Rule.B15,
        "look at how requests are joined",
        FaultyCopies.backbone(
            backend ->
                new ForwardingBackbone(backend.backbone()) {
                  @Override
                  public List<Tensor> evaluateAll(List<BackboneRequest> requests) {
                    List<Tensor> hidden = new ArrayList<>(super.evaluateAll(requests));
                    Collections.reverse(hidden);
                    return hidden;
                  }
                }));
  }

  @Test
  void segmentsThatStayInTheirCachesAreCaught() {
    models.assertCaught(
        Rule.B15,
        "no request of a call may leave keys and values",
        FaultyCopies.backbone(
            backend ->
                new ForwardingBackbone(backend.backbone()) {
                  @Override
                  public List<Tensor> evaluateAll(List<BackboneRequest> requests) {
                    return requests.stream().map(this::append).toList();
                  }
                }));
  }

  @Test
  void spansAfterTheWrongCacheAreCaught() {
    models.assertCaught(
        Rule.H14,
        "look at how requests are joined",
        FaultyCopies.flowHead(
            backend ->
                new ForwardingFlowHead(backend.flowHead()) {
                  @Override
                  public List<Tensor> velocityAll(List<FlowHeadRequest> requests) {
                    return requests.stream()
                        .map(
                            request ->
                                FlowHeadRequest.of(
                                    longestOf(requests, request),
                                    request.hidden(),
                                    request.attention(),
                                    request.time()))
                        .map(this::velocity)
                        .toList();
                  }
                }));
  }

  /** The longest cache with the batch of a request. */
  private static KvCache longestOf(List<FlowHeadRequest> requests, FlowHeadRequest own) {
    return requests.stream()
        .map(FlowHeadRequest::cache)
        .filter(cache -> cache.batch() == own.cache().batch())
        .max(Comparator.comparingInt(KvCache::length))
        .orElseThrow();
  }

  @Test
  void guidanceTheWrongWayRoundIsCaught() {
    models.assertCaught(
        Rule.S06,
        COMPARE,
        fused(
            (step, request) ->
                step.velocity(
                    DenoiseStepRequest.builder(
                            request.latents(),
                            request.time(),
                            request.unconditional().orElse(request.conditional()))
                        .guidance(request.conditional(), request.guidance())
                        .build())));
  }

  @Test
  void aFixedGuidanceScaleIsCaught() {
    models.assertCaught(
        Rule.S06,
        COMPARE,
        fused(
            (step, request) -> {
              DenoiseStepRequest.Builder fixed =
                  DenoiseStepRequest.builder(
                      request.latents(), request.time(), request.conditional());
              request.unconditional().ifPresent(branch -> fixed.guidance(branch, 5));
              return step.velocity(fixed.build());
            }));
  }

  @Test
  void velocitiesPerTokenAreCaught() {
    models.assertCaught(Rule.S06, COMPARE, backend -> new Fused(backend, this::perToken));
  }

  /** The right values, in the order of the flow head's rows. */
  private Tensor perToken(Backend backend, DenoiseStepRequest request) {
    try (Tensor velocity = new ComposedDenoiseStep(backend).velocity(request)) {
      HostTensor latents = velocity.toHost();
      int channels = Math.toIntExact(latents.shape().dimension(1));
      int inner = latents.values().length / channels;
      float[] rows = new float[latents.values().length];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = latents.values()[i % channels * inner + i / channels];
      }
      return backend.upload(new HostTensor(latents.shape(), rows));
    }
  }

  private interface Step {
    Tensor velocity(DenoiseStep step, DenoiseStepRequest request);
  }

  private static UnaryOperator<Backend> fused(Step step) {
    return backend ->
        new Fused(
            backend, (real, request) -> step.velocity(new ComposedDenoiseStep(real), request));
  }

  private interface FusedStep {
    Tensor velocity(Backend backend, DenoiseStepRequest request);
  }

  /** The reference with a denoising step of its own. */
  private static final class Fused extends ForwardingBackend {

    private final FusedStep step;

    Fused(Backend delegate, FusedStep step) {
      super(delegate);
      this.step = step;
    }

    @Override
    public Capabilities capabilities() {
      return delegate.capabilities().toBuilder().fusedDenoiseStep(true).build();
    }

    @Override
    public DenoiseStep denoiseStep() {
      return request -> step.velocity(delegate, request);
    }
  }
}
