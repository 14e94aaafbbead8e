package dev.showo2.conformance.fault;

import static dev.showo2.conformance.fault.FaultInjection.outside;

import dev.showo2.conformance.fault.FaultyStages.FaultyBackbone;
import dev.showo2.conformance.fault.FaultyStages.FaultyBackend;
import dev.showo2.conformance.fault.FaultyStages.FaultyFlowHead;
import dev.showo2.spi.Backend;
import dev.showo2.spi.support.ForwardingKvCache;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Faults in the use of caches. */
final class CacheFaults {

  private static final Set<Stage> TRANSFORMERS = EnumSet.of(Stage.BACKBONE, Stage.FLOW_HEAD);

  static final List<Fault> ALL =
      List.of(
          new Fault(
              "evaluate-appends",
              "evaluate and velocity leave the cache longer than it was",
              "what Backbone.evaluate and FlowHead.velocity do with the keys and values of their"
                  + " segment: forget them (SPEC 6)",
              TRANSFORMERS,
              outside(EvaluateAppends::new)),
          new Fault(
              "fork-shares",
              "a fork and its original are one cache",
              "KvCache.fork: appending to one of the two leaves the other as it was",
              TRANSFORMERS,
              outside(right -> new FaultyCaches(right, SharedCache::new))),
          new Fault(
              "truncate-ignored",
              "truncating a cache changes nothing",
              "KvCache.truncate: the length and everything behind it go",
              TRANSFORMERS,
              outside(right -> new FaultyCaches(right, UncutCache::new))),
          new Fault(
              "past-not-in-key",
              "the same image tokens give the same velocity after every prompt, which drops"
                  + " guidance",
              "results kept from one call to the next: the content of the cache is an input too"
                  + " (SPEC 7)",
              TRANSFORMERS,
              outside(StaleCacheFault::new)));

  private CacheFaults() {}

  /** Keeps the keys and values that should be forgotten. */
  private static final class EvaluateAppends extends FaultyBackend {

    EvaluateAppends(Backend right) {
      super(right);
    }

    @Override
    public Backbone backbone() {
      return new FaultyBackbone(super.backbone()) {
        @Override
        public Tensor evaluate(BackboneRequest request) {
          return append(request);
        }
      };
    }

    @Override
    public FlowHead flowHead() {
      return new FaultyFlowHead(super.flowHead()) {
        @Override
        public Tensor velocity(FlowHeadRequest request) {
          Tensor velocity = super.velocity(request);
          try {
            append(request);
            return velocity;
          } catch (RuntimeException | Error e) {
            velocity.close();
            throw e;
          }
        }
      };
    }
  }

  /** Gives the last result again where the input is the same, and overlooks the cache. */
  private static final class StaleCacheFault extends FaultyBackend {

    private final LastResult hidden = new LastResult();
    private final LastResult velocity = new LastResult();

    StaleCacheFault(Backend right) {
      super(right);
    }

    @Override
    public Backbone backbone() {
      return new FaultyBackbone(super.backbone()) {
        @Override
        public Tensor evaluate(BackboneRequest request) {
          return hidden.get(request.embeddings().stream(), () -> super.evaluate(request));
        }
      };
    }

    @Override
    public FlowHead flowHead() {
      return new FaultyFlowHead(super.flowHead()) {
        @Override
        public Tensor velocity(FlowHeadRequest request) {
          Stream<Tensor> inputs =
              Stream.concat(Stream.of(request.hidden()), request.time().stream());
          return velocity.get(inputs, () -> super.velocity(request));
        }
      };
    }

    /** One result and the inputs that it was computed from. */
    private final class LastResult {

      private List<HostTensor> inputs = List.of();
      private HostTensor result;

      synchronized Tensor get(Stream<Tensor> tensors, Supplier<Tensor> computation) {
        List<HostTensor> now = tensors.map(Tensor::toHost).toList();
        if (!now.equals(inputs)) {
          try (Tensor computed = computation.get()) {
            result = computed.toHost();
            inputs = now;
          }
        }
        return upload(result);
      }
    }
  }

  /** Valid stages with faulty caches. */
  private static final class FaultyCaches extends FaultyBackend {

    private final UnaryOperator<KvCache> faulty;

    /**
     * @param faulty wraps a valid cache
     */
    FaultyCaches(Backend right, UnaryOperator<KvCache> faulty) {
      super(right);
      this.faulty = faulty;
    }

    @Override
    public Backbone backbone() {
      return new FaultyBackbone(super.backbone()) {
        @Override
        public KvCache newCache(CacheRequest request) {
          return faulty.apply(super.newCache(request));
        }

        @Override
        BackboneRequest asked(BackboneRequest request) {
          return BackboneRequest.of(
              ForwardingKvCache.delegateOf(request.cache()),
              request.embeddings(),
              request.attention());
        }
      };
    }

    @Override
    public FlowHead flowHead() {
      return new FaultyFlowHead(super.flowHead()) {
        @Override
        public KvCache newCache(CacheRequest request) {
          return faulty.apply(super.newCache(request));
        }

        @Override
        FlowHeadRequest asked(FlowHeadRequest request) {
          return FlowHeadRequest.of(
              ForwardingKvCache.delegateOf(request.cache()),
              request.hidden(),
              request.attention(),
              request.time());
        }
      };
    }
  }

  /** A cache whose forks are itself; the last of them to be closed frees it. */
  private static final class SharedCache extends ForwardingKvCache {

    private final AtomicInteger users;
    private final AtomicBoolean open = new AtomicBoolean(true);

    SharedCache(KvCache right) {
      this(right, new AtomicInteger());
    }

    private SharedCache(KvCache right, AtomicInteger users) {
      super(right);
      this.users = users;
      users.incrementAndGet();
    }

    @Override
    public KvCache fork() {
      return new SharedCache(delegate, users);
    }

    @Override
    public void close() {
      if (open.getAndSet(false) && users.decrementAndGet() == 0) {
        super.close();
      }
    }
  }

  /** A cache that forgets nothing. */
  private static final class UncutCache extends ForwardingKvCache {

    UncutCache(KvCache right) {
      super(right);
    }

    @Override
    public KvCache fork() {
      return new UncutCache(delegate.fork());
    }

    @Override
    public void truncate(int length) {
      // Forgets nothing: that is the fault.
    }
  }
}
