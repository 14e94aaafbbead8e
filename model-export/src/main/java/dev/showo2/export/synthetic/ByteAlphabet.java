package dev.showo2.export.synthetic;

/**
 * The characters that stand for bytes in byte-level tokenizers, in the order of their token ids:
 * first those bytes that are visible characters of Latin-1, then the others as U+0100 and on.
 */
final class ByteAlphabet {

  private static final int[] CHARACTERS = characters();

  private ByteAlphabet() {}

  /**
   * @param id from 0 to 255
   */
  static int character(int id) {
    return CHARACTERS[id];
  }

  private static int[] characters() {
    int[] characters = new int[256];
    int count = 0;
    for (int b = 0; b < 256; b++) {
      if (isVisible(b)) {
        characters[count++] = b;
      }
    }
    for (int shifted = 0x100; count < 256; shifted++) {
      characters[count++] = shifted;
    }
    return characters;
  }

  private static boolean isVisible(int b) {
    return b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
  }
}
