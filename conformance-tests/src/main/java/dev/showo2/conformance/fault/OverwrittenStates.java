package dev.showo2.conformance.fault;

import dev.showo2.conformance.fault.FaultyStages.FaultyBackbone;
import dev.showo2.conformance.fault.FaultyStages.FaultyBackend;
import dev.showo2.conformance.fault.FaultyStages.FaultyFlowHead;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** A backend whose backbone has one buffer for all hidden states of a shape. */
final class OverwrittenStates extends FaultyBackend {

  /** Open hidden states of the calls so far; guarded by itself. */
  private final List<HiddenStates> open = new ArrayList<>();

  OverwrittenStates(Backend right) {
    super(right);
  }

  @Override
  public Backbone backbone() {
    return new FaultyBackbone(super.backbone()) {
      @Override
      public Tensor append(BackboneRequest request) {
        return overwriting(List.of(delegate.append(request))).get(0);
      }

      @Override
      public Tensor evaluate(BackboneRequest request) {
        return overwriting(List.of(delegate.evaluate(request))).get(0);
      }

      @Override
      public List<Tensor> evaluateAll(List<BackboneRequest> requests) {
        return overwriting(delegate.evaluateAll(requests));
      }
    };
  }

  /**
   * Writes the results of a call over those of the same shape that are still open.
   *
   * @param results of the valid backbone
   */
  private List<Tensor> overwriting(List<Tensor> results) {
    synchronized (open) {
      for (HiddenStates older : open) {
        results.stream()
            .filter(result -> result.shape().equals(older.shape()))
            .findFirst()
            .ifPresent(result -> older.replace(upload(result.toHost())));
      }
      List<HiddenStates> handles =
          results.stream().map(result -> new HiddenStates(result, open)).toList();
      open.addAll(handles);
      return new ArrayList<>(handles);
    }
  }

  @Override
  public FlowHead flowHead() {
    return new FaultyFlowHead(super.flowHead()) {
      @Override
      FlowHeadRequest asked(FlowHeadRequest request) {
        return FlowHeadRequest.of(
            request.cache(),
            HiddenStates.valid(request.hidden()),
            request.attention(),
            request.time());
      }
    };
  }

  @Override
  public LanguageHead languageHead() {
    return request ->
        super.languageHead()
            .logits(
                LanguageHeadRequest.of(HiddenStates.valid(request.hidden()), request.lastOnly()));
  }

  /** A handle whose tensor is replaced. */
  private static final class HiddenStates implements Tensor {

    private final List<HiddenStates> open;
    private volatile Tensor tensor;

    HiddenStates(Tensor tensor, List<HiddenStates> open) {
      this.tensor = tensor;
      this.open = open;
    }

    /** The tensor as the valid backend knows it. */
    static Tensor valid(Tensor tensor) {
      return tensor instanceof HiddenStates states ? states.tensor : tensor;
    }

    void replace(Tensor other) {
      tensor.close();
      tensor = other;
    }

    @Override
    public Shape shape() {
      return tensor.shape();
    }

    @Override
    public ElementType elementType() {
      return tensor.elementType();
    }

    @Override
    public void read(FloatBuffer destination) {
      tensor.read(destination);
    }

    @Override
    public void close() {
      synchronized (open) {
        open.remove(this);
        tensor.close();
      }
    }
  }
}
