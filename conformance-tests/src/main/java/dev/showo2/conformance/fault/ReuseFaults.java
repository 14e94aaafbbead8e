package dev.showo2.conformance.fault;

import static dev.showo2.conformance.fault.FaultInjection.outside;

import dev.showo2.conformance.fault.FaultyStages.FaultyBackend;
import dev.showo2.conformance.fault.FaultyStages.FaultyFlowHead;
import dev.showo2.spi.Backend;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Faults that show when hidden states are used again, or when requests take turns. */
final class ReuseFaults {

  private static final Set<Stage> FLOW_HEAD = EnumSet.of(Stage.FLOW_HEAD);

  static final List<Fault> ALL =
      List.of(
          new Fault(
              "hidden-states-overwritten",
              "the next call of the backbone overwrites the hidden states of the one before",
              "where the backbone's results are stored: what an open tensor holds never changes"
                  + " (Tensor)",
              EnumSet.of(Stage.BACKBONE),
              outside(OverwrittenStates::new)),
          new Fault(
              "time-remembered",
              "hidden states that come again get the velocity of the time at which they came first",
              "results kept from one call to the next: the time is an input of the flow head too"
                  + " (SPEC 6)",
              FLOW_HEAD,
              outside(right -> new FaultyFlowHeads(right, RememberedTime::new))),
          new Fault(
              "guidance-lost-in-reuse",
              "hidden states that come again get the velocity of the prompt in both branches",
              "what a fused call keeps of the call before: each branch has hidden states and a cache"
                  + " of its own (SPEC 7)",
              FLOW_HEAD,
              outside(right -> new FaultyFlowHeads(right, LostGuidance::new))),
          new Fault(
              "velocity-across-requests",
              "spans of one time after prompts of one length share a velocity",
              "results kept from one call to the next: the hidden states and the content of the"
                  + " cache are inputs too (SPEC 6)",
              FLOW_HEAD,
              outside(right -> new FaultyFlowHeads(right, SharedVelocity::new))));

  private ReuseFaults() {}

  /** A valid backend with one faulty flow head, so that what it remembers lasts. */
  private static final class FaultyFlowHeads extends FaultyBackend {

    /** Wraps a valid flow head. */
    private interface Wrapping {
      FlowHead around(FlowHead valid, Memory memory);
    }

    private final Wrapping wrapping;
    private final Memory memory = new Memory(this);

    FaultyFlowHeads(Backend right, Wrapping wrapping) {
      super(right);
      this.wrapping = wrapping;
    }

    @Override
    public FlowHead flowHead() {
      return wrapping.around(super.flowHead(), memory);
    }
  }

  /** The last few results, by some of the inputs that they were computed from. */
  private static final class Memory {

    private static final int MOST = 4;

    private final Backend backend;
    private final Map<List<Object>, HostTensor> results = new LinkedHashMap<>();
    private List<HostTensor> lastStates = List.of();

    Memory(Backend backend) {
      this.backend = backend;
    }

    synchronized Tensor get(List<Object> inputs, Supplier<Tensor> computation) {
      HostTensor known = results.get(inputs);
      if (known != null) {
        return backend.upload(known);
      }
      Tensor computed = computation.get();
      try {
        results.put(inputs, computed.toHost());
        if (results.size() > MOST) {
          results.remove(results.keySet().iterator().next());
        }
        return computed;
      } catch (RuntimeException | Error e) {
        computed.close();
        throw e;
      }
    }

    /** Whether the same hidden states came in the call before. */
    synchronized boolean sawLast(List<HostTensor> states) {
      boolean again = states.equals(lastStates);
      lastStates = states;
      return again;
    }
  }

  /** Overlooks that the time has changed. */
  private static final class RememberedTime extends FaultyFlowHead {

    private final Memory memory;

    RememberedTime(FlowHead valid, Memory memory) {
      super(valid);
      this.memory = memory;
    }

    @Override
    public Tensor velocity(FlowHeadRequest request) {
      return memory.get(List.of(request.hidden().toHost()), () -> super.velocity(request));
    }
  }

  /** Takes the first branch of a call for both, where the hidden states are known already. */
  private static final class LostGuidance extends FaultyFlowHead {

    private final Memory memory;

    LostGuidance(FlowHead valid, Memory memory) {
      super(valid);
      this.memory = memory;
    }

    @Override
    public List<Tensor> velocityAll(List<FlowHeadRequest> requests) {
      List<HostTensor> states =
          requests.stream().map(FlowHeadRequest::hidden).map(Tensor::toHost).toList();
      boolean fits = states.stream().map(HostTensor::shape).distinct().count() == 1;
      return memory.sawLast(states) && fits
          ? velocityEach(requests.stream().map(each -> requests.get(0)).toList())
          : velocityEach(requests);
    }
  }

  /** Overlooks the hidden states and what precedes them. */
  private static final class SharedVelocity extends FaultyFlowHead {

    private final Memory memory;

    SharedVelocity(FlowHead valid, Memory memory) {
      super(valid);
      this.memory = memory;
    }

    @Override
    public Tensor velocity(FlowHeadRequest request) {
      return memory.get(
          List.of(
              request.time().orElseThrow().toHost(),
              request.cache().length(),
              request.hidden().shape()),
          () -> super.velocity(request));
    }
  }
}
