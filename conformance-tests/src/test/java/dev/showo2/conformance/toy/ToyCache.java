package dev.showo2.conformance.toy;

import dev.showo2.spi.support.AbstractKvCache;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.stage.Stage;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The keys and values of the positions that the toy's backbone has seen. */
final class ToyCache extends AbstractKvCache {

  /** One layer of one sequence: a row of keys and one of values for each position. */
  record Rows(double[][] keys, double[][] values) {

    Rows plus(double[][] moreKeys, double[][] moreValues) {
      return new Rows(joined(keys, moreKeys), joined(values, moreValues));
    }

    Rows first(int positions) {
      return new Rows(Arrays.copyOf(keys, positions), Arrays.copyOf(values, positions));
    }

    private static double[][] joined(double[][] first, double[][] second) {
      double[][] all = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, all, first.length, second.length);
      return all;
    }
  }

  /** Of layer 0 for each sequence, then of layer 1, …; rows never change, so forks share them. */
  private List<Rows> rows;

  private ToyCache(BackendLifetime lifetime, int batch, int length, List<Rows> rows) {
    super(lifetime, Stage.BACKBONE, batch, length);
    this.rows = rows;
  }

  static ToyCache empty(BackendLifetime lifetime, int batch, int layers) {
    Rows none = new Rows(new double[0][], new double[0][]);
    return new ToyCache(
        lifetime, batch, 0, Collections.nCopies(layers * requireBatch(batch), none));
  }

  List<Rows> rows() {
    return rows;
  }

  void grow(List<Rows> longer, int positions) {
    rows = List.copyOf(longer);
    advance(positions);
  }

  @Override
  protected ToyCache copy() {
    return new ToyCache(lifetime(), batch(), length(), rows);
  }

  @Override
  protected void cut(int newLength) {
    rows = rows.stream().map(each -> each.first(newLength)).toList();
  }

  @Override
  protected void release() {
    rows = List.of();
  }
}
