package dev.showo2.conformance.fault;

import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendConfig;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingProvider;
import dev.showo2.train.spi.TrainingRequest;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * One fault of an implementation of training, planted around a correct one. Immutable and
 * thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TrainingFault {

  private static final List<TrainingFault> ALL =
      Stream.of(
              TrainingBatchFaults.ALL,
              OptimizerFaults.ALL,
              TrainingStateFaults.ALL,
              DistillationFaults.ALL)
          .flatMap(List::stream)
          .toList();

  private final String id;
  private final String rule;
  private final String whatHappens;
  private final Opening opening;

  /** Opens a model with a fault. */
  interface Opening {

    /**
     * @param right opens a correct model
     * @param request as the caller made it
     */
    TrainableModel open(RightOpening right, TrainingRequest request);
  }

  /** Opens a correct model. */
  interface RightOpening {
    TrainableModel open(TrainingRequest request);
  }

  private TrainingFault(String id, String rule, String whatHappens, Opening opening) {
    this.id = id;
    this.rule = rule;
    this.whatHappens = whatHappens;
    this.opening = opening;
  }

  /**
   * @param rule id of the rule that catches it
   * @param whatHappens goes on from "when"
   */
  static TrainingFault of(String id, String rule, String whatHappens, Opening opening) {
    return new TrainingFault(id, rule, whatHappens, opening);
  }

  /** The same, around a model that is asked for what the caller asks for. */
  static TrainingFault around(
      String id, String rule, String whatHappens, UnaryOperator<TrainableModel> wrapping) {
    return of(id, rule, whatHappens, (right, request) -> wrapping.apply(right.open(request)));
  }

  /**
   * Lists the faults.
   *
   * @return every fault of the catalog
   */
  public static List<TrainingFault> all() {
    return ALL;
  }

  /**
   * Names the fault.
   *
   * @return lower-case words with hyphens, such as {@code labels-not-shifted}
   */
  public String id() {
    return id;
  }

  /**
   * Names the rule that is about it; others may fail as well.
   *
   * @return such as {@code T-05}
   */
  public String rule() {
    return rule;
  }

  /**
   * Describes the fault.
   *
   * @return one line that goes on from "when"
   */
  public String whatHappens() {
    return whatHappens;
  }

  /**
   * Plants the fault.
   *
   * @param right a correct provider
   * @return a provider of the same id whose models have the fault, and no other
   */
  public TrainingProvider around(TrainingProvider right) {
    return new TrainingProvider() {

      @Override
      public String id() {
        return right.id();
      }

      @Override
      public TrainableModel open(Bundle bundle, BackendConfig config, TrainingRequest request) {
        return opening.open(each -> right.open(bundle, config, each), request);
      }
    };
  }

  @Override
  public String toString() {
    return id;
  }
}
