package dev.showo2.export.internal.lora;

/** Changes the rows of a weight, the first axis counting them. Belongs to one reading. */
@FunctionalInterface
interface RowChange {

  /**
   * @param row its number
   * @param values of the row, to be changed in place
   */
  void apply(int row, float[] values);
}
