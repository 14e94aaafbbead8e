package dev.showo2.train.checkpoint;

/** Names of an adapter's matrices, here and in the files of PEFT. */
final class PeftNames {

  private static final String PREFIX = "base_model.model.";
  private static final String A = ".lora_A.weight";
  private static final String B = ".lora_B.weight";

  private PeftNames() {}

  /** Tells the matrices of an adapter from the weights of the model. */
  static boolean isAdapter(String weight) {
    return weight.endsWith(A) || weight.endsWith(B);
  }

  /** The layer that a matrix of an adapter belongs to. */
  static String layer(String weight) {
    return weight.substring(0, weight.length() - (weight.endsWith(A) ? A : B).length());
  }

  /** The first matrix of a layer, [rank, inputs]. */
  static String first(String layer) {
    return layer + A;
  }

  /** The second matrix of a layer, [outputs, rank]. */
  static String second(String layer) {
    return layer + B;
  }

  /** The name of a matrix in the files of PEFT. */
  static String stored(String weight) {
    return PREFIX + weight;
  }
}
