package dev.showo2.media.video;

import java.util.Comparator;

/**
 * The order in which people number files: {@code frame-9} comes before {@code frame-10}. Runs of
 * digits are compared as numbers, all else letter by letter without regard to case.
 */
final class NaturalOrder implements Comparator<String> {

  @Override
  public int compare(String left, String right) {
    int i = 0;
    int j = 0;
    while (i < left.length() && j < right.length()) {
      int order;
      if (isDigit(left.charAt(i)) && isDigit(right.charAt(j))) {
        int iEnd = endOfDigits(left, i);
        int jEnd = endOfDigits(right, j);
        order = compareNumbers(left.substring(i, iEnd), right.substring(j, jEnd));
        i = iEnd;
        j = jEnd;
      } else {
        order =
            Character.compare(
                Character.toLowerCase(left.charAt(i++)), Character.toLowerCase(right.charAt(j++)));
      }
      if (order != 0) {
        return order;
      }
    }
    int order = Integer.compare(left.length() - i, right.length() - j);
    return order != 0 ? order : left.compareTo(right);
  }

  private static int compareNumbers(String left, String right) {
    String a = withoutLeadingZeros(left);
    String b = withoutLeadingZeros(right);
    return a.length() != b.length()
        ? Integer.compare(a.length(), b.length())
        : Integer.signum(a.compareTo(b));
  }

  private static String withoutLeadingZeros(String digits) {
    int from = 0;
    while (from < digits.length() && digits.charAt(from) == '0') {
      from++;
    }
    return digits.substring(from);
  }

  private static int endOfDigits(String text, int from) {
    int end = from;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
