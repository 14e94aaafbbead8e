package dev.showo2.model;

import dev.showo2.stage.Stage;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * The precision of each stage of a bundle. Single layers of a stage may be left in fp32; the
 * storage type of each weight is in the header of its file. Immutable and thread-safe.
 *
 * @param byStage the precision of every stage; stages without weights are in fp32
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StagePrecisions(Map<Stage, Precision> byStage) {

  /** Every stage in 32-bit floats. */
  public static final StagePrecisions FP32 = new StagePrecisions(Map.of());

  /**
   * Copies the precisions and completes them.
   *
   * @param byStage the precision of some stages; all others are in fp32
   */
  public StagePrecisions {
    Map<Stage, Precision> all = new EnumMap<>(Stage.class);
    for (Stage stage : Stage.values()) {
      all.put(stage, byStage.getOrDefault(stage, Precision.FP32));
    }
    byStage = Collections.unmodifiableMap(all);
  }

  /**
   * Returns the precision of one stage.
   *
   * @param stage of the bundle
   * @return its precision
   */
  public Precision of(Stage stage) {
    return byStage.get(stage);
  }

  /** {@return the lowest precision of all stages} */
  public Precision leastExact() {
    return new TreeSet<>(byStage.values()).last();
  }

  /**
   * Lists the stages in other precisions than these.
   *
   * @param precisions that are supported
   * @return a text such as {@code backbone in int8, fusion in int8}; empty if there are none
   */
  public String outside(Set<Precision> precisions) {
    return byStage.entrySet().stream()
        .filter(entry -> !precisions.contains(entry.getValue()))
        .map(entry -> entry.getKey().id() + " in " + entry.getValue().id())
        .collect(Collectors.joining(", "));
  }

  /** Such as {@code fp32}, or {@code backbone=int8, flow_head=int8, else fp32}. */
  @Override
  public String toString() {
    String others =
        byStage.entrySet().stream()
            .filter(entry -> entry.getValue() != Precision.FP32)
            .map(entry -> entry.getKey().id() + "=" + entry.getValue().id())
            .collect(Collectors.joining(", "));
    return others.isEmpty() ? Precision.FP32.id() : others + ", else " + Precision.FP32.id();
  }
}
