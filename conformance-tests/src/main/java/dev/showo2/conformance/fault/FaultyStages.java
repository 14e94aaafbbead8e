package dev.showo2.conformance.fault;

import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.spi.support.ForwardingBackbone;
import dev.showo2.spi.support.ForwardingBackend;
import dev.showo2.spi.support.ForwardingFlowHead;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.DenoiseStep;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/** Bases of the faults that are made around a valid backend: each overrides what it gets wrong. */
final class FaultyStages {

  private FaultyStages() {}

  /** A backend whose denoising step has the faults of its stages. */
  static class FaultyBackend extends ForwardingBackend {

    FaultyBackend(Backend valid) {
      super(valid);
    }

    @Override
    public Capabilities capabilities() {
      return delegate.capabilities().toBuilder().fusedDenoiseStep(false).build();
    }

    @Override
    public DenoiseStep denoiseStep() {
      return composedDenoiseStep();
    }
  }

  /** A backbone whose requests or results are changed. */
  static class FaultyBackbone extends ForwardingBackbone {

    FaultyBackbone(Backbone valid) {
      super(valid);
    }

    /** Changes a request. */
    BackboneRequest asked(BackboneRequest request) {
      return request;
    }

    /** Changes hidden states, which it closes or returns. */
    Tensor given(Tensor hidden) {
      return hidden;
    }

    @Override
    public Tensor append(BackboneRequest request) {
      return given(delegate.append(asked(request)));
    }

    @Override
    public Tensor evaluate(BackboneRequest request) {
      return given(delegate.evaluate(asked(request)));
    }

    @Override
    public List<Tensor> evaluateAll(List<BackboneRequest> requests) {
      return evaluateEach(requests);
    }
  }

  /** A flow head whose requests or velocities are changed. */
  static class FaultyFlowHead extends ForwardingFlowHead {

    FaultyFlowHead(FlowHead valid) {
      super(valid);
    }

    /** Changes a request. */
    FlowHeadRequest asked(FlowHeadRequest request) {
      return request;
    }

    /** Changes velocities, which it closes or returns. */
    Tensor given(Tensor velocity) {
      return velocity;
    }

    @Override
    public void append(FlowHeadRequest request) {
      delegate.append(asked(request));
    }

    @Override
    public Tensor velocity(FlowHeadRequest request) {
      return given(delegate.velocity(asked(request)));
    }

    @Override
    public List<Tensor> velocityAll(List<FlowHeadRequest> requests) {
      return velocityEach(requests);
    }
  }

  /**
   * An encoder, of images and videos, whose results are changed.
   *
   * @param given changes a distribution, which it closes or returns
   */
  record FaultyVaeEncoder(VaeEncoder valid, UnaryOperator<LatentDistribution> given)
      implements VaeEncoder {

    @Override
    public LatentDistribution encodeImage(Tensor pixels) {
      return given.apply(valid.encodeImage(pixels));
    }

    @Override
    public VaeEncoderStream openStream(VaeStreamRequest request) {
      VaeEncoderStream stream = valid.openStream(request);
      return new VaeEncoderStream() {

        @Override
        public LatentDistribution encode(Tensor pixels) {
          return given.apply(stream.encode(pixels));
        }

        @Override
        public void close() {
          stream.close();
        }
      };
    }
  }

  /** A decoder, of images and videos, with something wrong before it or after it. */
  record FaultyVaeDecoder(VaeDecoder valid, Decoding faulty) implements VaeDecoder {

    /** One image or one latent frame. */
    @FunctionalInterface
    interface Decoding {

      Tensor decode(Tensor latents, UnaryOperator<Tensor> valid);
    }

    @Override
    public Tensor decodeImage(Tensor latents) {
      return faulty.decode(latents, valid::decodeImage);
    }

    @Override
    public VaeDecoderStream openStream(VaeStreamRequest request) {
      VaeDecoderStream stream = valid.openStream(request);
      return new VaeDecoderStream() {

        @Override
        public Tensor decode(Tensor latents) {
          return faulty.decode(latents, stream::decode);
        }

        @Override
        public void close() {
          stream.close();
        }
      };
    }
  }
}
