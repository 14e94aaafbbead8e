package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.spi.Backend;
import dev.showo2.spi.support.ForwardingBackend;
import dev.showo2.spi.support.ForwardingKvCache;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A working backend with one stage replaced. */
final class FaultyCopies {

  private FaultyCopies() {}

  static UnaryOperator<Backend> backbone(Function<Backend, Backbone> stage) {
    return backend -> {
      Backbone wrong = stage.apply(backend);
      return new ForwardingBackend(backend) {
        @Override
        public Backbone backbone() {
          return wrong;
        }
      };
    };
  }

  static UnaryOperator<Backend> flowHead(Function<Backend, FlowHead> stage) {
    return backend -> {
      FlowHead wrong = stage.apply(backend);
      return new ForwardingBackend(backend) {
        @Override
        public FlowHead flowHead() {
          return wrong;
        }
      };
    };
  }

  static UnaryOperator<Backend> timeEmbedding(Function<Backend, TimeEmbedding> stage) {
    return backend -> {
      TimeEmbedding wrong = stage.apply(backend);
      return new ForwardingBackend(backend) {
        @Override
        public TimeEmbedding timeEmbedding() {
          return wrong;
        }
      };
    };
  }

  static Attention opposite(Attention attention) {
    return attention == Attention.FULL ? Attention.CAUSAL : Attention.FULL;
  }

  /** The same tensor with its rows in reverse order; belongs to the caller. */
  static Tensor rowsReversed(Backend backend, Tensor batch) {
    HostTensor values = batch.toHost();
    List<HostTensor> rows = new ArrayList<>();
    for (int row = (int) values.shape().dimension(0) - 1; row >= 0; row--) {
      rows.add(HostTensors.slice(values, 0, row, 1));
    }
    return backend.upload(HostTensors.join(rows, 0));
  }

  /** A backbone whose calls go wrong; by default they do not. */
  abstract static class WrongBackbone implements Backbone {
    final Backend backend;
    final Backbone real;

    WrongBackbone(Backend backend) {
      this.backend = backend;
      this.real = backend.backbone();
    }

    BackboneRequest asked(BackboneRequest request) {
      return request;
    }

    /** The segment as if nothing had come before it. */
    Tensor alone(BackboneRequest request) {
      try (KvCache empty = real.newCache(CacheRequest.of(request.cache().batch()))) {
        return real.evaluate(BackboneRequest.of(empty, request.embeddings(), request.attention()));
      }
    }

    @Override
    public KvCache newCache(CacheRequest request) {
      return real.newCache(request);
    }

    @Override
    public Tensor append(BackboneRequest request) {
      return real.append(asked(request));
    }

    @Override
    public Tensor evaluate(BackboneRequest request) {
      return real.evaluate(asked(request));
    }
  }

  /** A flow head whose calls go wrong; by default they do not. */
  abstract static class WrongFlowHead implements FlowHead {
    final Backend backend;
    final FlowHead real;

    WrongFlowHead(Backend backend) {
      this.backend = backend;
      this.real = backend.flowHead();
    }

    FlowHeadRequest asked(FlowHeadRequest request) {
      return request;
    }

    @Override
    public KvCache newCache(CacheRequest request) {
      return real.newCache(request);
    }

    @Override
    public void append(FlowHeadRequest request) {
      real.append(asked(request));
    }

    @Override
    public Tensor velocity(FlowHeadRequest request) {
      return real.velocity(asked(request));
    }
  }

  /** Forks are the cache itself. */
  static final class SelfForking extends ForwardingKvCache {

    SelfForking(KvCache right) {
      super(right);
    }

    @Override
    public KvCache fork() {
      return this;
    }
  }

  /** Nothing is ever forgotten. */
  static final class Unforgetting extends ForwardingKvCache {

    Unforgetting(KvCache right) {
      super(right);
    }

    @Override
    public void truncate(int length) {
      if (length > length()) {
        throw new IllegalArgumentException();
      }
    }

    @Override
    public KvCache fork() {
      return new Unforgetting(super.fork());
    }
  }

  static UnaryOperator<Backend> backboneCaches(UnaryOperator<KvCache> wrong) {
    return backbone(
        backend ->
            new WrongBackbone(backend) {
              @Override
              public KvCache newCache(CacheRequest request) {
                return wrong.apply(real.newCache(request));
              }

              @Override
              BackboneRequest asked(BackboneRequest request) {
                return BackboneRequest.of(
                    ForwardingKvCache.delegateOf(request.cache()),
                    request.embeddings(),
                    request.attention());
              }
            });
  }

  static UnaryOperator<Backend> flowHeadCaches(UnaryOperator<KvCache> wrong) {
    return flowHead(
        backend ->
            new WrongFlowHead(backend) {
              @Override
              public KvCache newCache(CacheRequest request) {
                return wrong.apply(real.newCache(request));
              }

              @Override
              FlowHeadRequest asked(FlowHeadRequest request) {
                return FlowHeadRequest.of(
                    ForwardingKvCache.delegateOf(request.cache()),
                    request.hidden(),
                    request.attention(),
                    request.time());
              }
            });
  }
}
