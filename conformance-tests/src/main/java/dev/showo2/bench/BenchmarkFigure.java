package dev.showo2.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apiguardian.api.API;

/**
 * The times of one kind of work.
 *
 * @param stage that was measured
 * @param size of the work, such as {@code 432x432}, {@code 760 positions} or {@code 3379 MB}
 * @param first seconds of the first call of a process, which warms up; of the first process
 * @param seconds of a call, in the order of the rounds
 * @param operations floating-point operations that it cannot help to do, by precision of the
 *     weights, such as {@code int8}
 * @param bytes that it cannot help to read and write
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BenchmarkFigure(
    BenchmarkStage stage,
    String size,
    double first,
    List<Double> seconds,
    Map<String, Double> operations,
    double bytes) {

  /**
   * Copies the list.
   *
   * @param stage that was measured
   * @param size of the work
   * @param first seconds of the first call
   * @param seconds of a call; at least one
   * @param operations that it cannot help to do
   * @param bytes that it cannot help to read and write
   * @throws IllegalArgumentException if there is no time
   */
  public BenchmarkFigure {
    seconds = List.copyOf(seconds);
    operations = Map.copyOf(operations);
    if (seconds.isEmpty()) {
      throw new IllegalArgumentException(stage.id() + ": at least one time is needed");
    }
  }

  /** {@return the shortest time, in seconds} */
  public double best() {
    return sorted()[0];
  }

  /** {@return the median, in seconds; of an even number the mean of the two in the middle} */
  public double median() {
    double[] sorted = sorted();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private double[] sorted() {
    double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  /** {@return the sum of the operations of all precisions} */
  public double allOperations() {
    return operations.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /**
   * Computes the least time that this work takes on a machine: the longer of operations at its
   * rates of products and bytes at its rate of reading.
   *
   * @param rates of the machine
   * @return seconds, or empty if a rate is not known or there is nothing to compare with, as for
   *     files that are opened
   */
  public OptionalDouble limit(MachineRates rates) {
    if (stage.readsFiles() || !known(rates)) {
      return OptionalDouble.empty();
    }
    double limit = Math.max(computing(rates), reading(rates));
    return limit > 0 ? OptionalDouble.of(limit) : OptionalDouble.empty();
  }

  private boolean known(MachineRates rates) {
    return rates.products().keySet().containsAll(operations.keySet())
        && (bytes == 0 || rates.read() > 0);
  }

  private double computing(MachineRates rates) {
    return operations.entrySet().stream()
        .mapToDouble(each -> each.getValue() / rates.products().get(each.getKey()))
        .sum();
  }

  private double reading(MachineRates rates) {
    return bytes == 0 ? 0 : bytes / rates.read();
  }

  /**
   * Tells which of the machine's rates the limit comes from.
   *
   * @param rates of the machine
   * @return {@code operations} or {@code bytes}; empty without a limit
   */
  public String boundBy(MachineRates rates) {
    if (limit(rates).isEmpty()) {
      return "";
    }
    return computing(rates) >= reading(rates) ? "operations" : "bytes";
  }
}
