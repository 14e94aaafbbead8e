package dev.showo2.conformance.fault;

import static dev.showo2.conformance.fault.FaultInjection.outside;

import dev.showo2.stage.Stage;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What calls do to a cache, and what they forget to look at. */
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
              outside(right -> new CachesAround(right, SharedCache::new))),
          new Fault(
              "truncate-ignored",
              "truncating a cache changes nothing",
              "KvCache.truncate: the length and everything behind it go",
              TRANSFORMERS,
              outside(right -> new CachesAround(right, UncutCache::new))),
          new Fault(
              "past-not-in-key",
              "the same image tokens give the same velocity after every prompt, which drops"
                  + " guidance",
              "results kept from one call to the next: what stands in the cache is an input too"
                  + " (SPEC 7)",
              TRANSFORMERS,
              outside(StaleCacheFault::new)));

  private CacheFaults() {}
}
