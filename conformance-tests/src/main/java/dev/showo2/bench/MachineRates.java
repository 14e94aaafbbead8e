package dev.showo2.bench;

import java.util.Map;
import java.util.TreeMap;
import org.apiguardian.api.API;

/**
 * Rates of a machine, measured in the same run.
 *
 * @param products floating-point operations a second of a product of 730×1536 by 1536×8960, by
 *     precision of the weights: the language head of a model of one matrix, on the measured backend
 * @param read bytes a second that the processor's threads read from memory; 0 if not measured
 * @param copy bytes a second that they copy, each counted once read and once written; 0 if not
 *     measured
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MachineRates(Map<String, Double> products, double read, double copy) {

  /** Nothing was measured. */
  public static final MachineRates NONE = new MachineRates(Map.of(), 0, 0);

  /**
   * Copies the map.
   *
   * @param products operations a second by precision
   * @param read bytes a second
   * @param copy bytes a second
   */
  public MachineRates {
    products = Map.copyOf(products);
  }

  /**
   * Takes the faster of each.
   *
   * @param other measured at another time
   * @return the rates of both
   */
  MachineRates best(MachineRates other) {
    Map<String, Double> all = new TreeMap<>(products);
    other.products.forEach((name, rate) -> all.merge(name, rate, Math::max));
    return new MachineRates(all, Math.max(read, other.read), Math.max(copy, other.copy));
  }
}
