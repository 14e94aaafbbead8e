package dev.showo2.samples.cli;

import java.math.BigInteger;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Seeds as torch takes and shows them: whole numbers of 64 bits, with or without a sign. {@code -1}
 * and {@code 18446744073709551615} are the same seed, which is shown as the latter.
 */
final class Seeds implements ITypeConverter<Long> {

  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger GREATEST = BigInteger.TWO.pow(Long.SIZE).subtract(BigInteger.ONE);

  @Override
  public Long convert(String text) {
    try {
      BigInteger seed = new BigInteger(text);
      if (seed.compareTo(LEAST) >= 0 && seed.compareTo(GREATEST) <= 0) {
        return seed.longValue();
      }
    } catch (NumberFormatException e) {
      // Refused below.
    }
    throw new TypeConversionException(
        "a whole number from " + LEAST + " to " + GREATEST + " is needed, found '" + text + "'");
  }

  static String text(long seed) {
    return Long.toUnsignedString(seed);
  }

  /** For JSON, where a seed is a number like others. */
  static BigInteger number(long seed) {
    return new BigInteger(text(seed));
  }
}
