package dev.showo2.conformance.reference;

import java.util.List;

/**
 * What one layer keeps of one sequence, the keys already rotated. Never changes, so that forks
 * share it.
 *
 * @param keys [P, kv · size]
 * @param values [P, kv · size]
 */
record KeysAndValues(Matrix keys, Matrix values) {

  static KeysAndValues empty(int columns) {
    return new KeysAndValues(Matrix.zeros(0, columns), Matrix.zeros(0, columns));
  }

  KeysAndValues followedBy(Matrix moreKeys, Matrix moreValues) {
    return new KeysAndValues(
        Matrix.stack(List.of(keys, moreKeys)), Matrix.stack(List.of(values, moreValues)));
  }

  KeysAndValues first(int positions) {
    return new KeysAndValues(keys.rows(0, positions), values.rows(0, positions));
  }
}
