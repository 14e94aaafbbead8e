package dev.showo2.media.jpeg.internal;

/**
 * Brings the samples of a component to the size of the image, as libjpeg-turbo does: where there is
 * half as many, triangle-filtered ("fancy upsampling"); else repeated. Not thread-safe.
 */
final class Upsampler {

  private enum Method {
    COPY,
    WIDEN,
    HEIGHTEN,
    DOUBLE,
    REPEAT
  }

  private final Component component;
  private final Method method;
  private final int widening;
  private final int heightening;
  private final int[] sums;

  Upsampler(Component component, JpegFrame.Size size) {
    this.component = component;
    this.widening = size.maxHorizontal() / component.horizontal;
    this.heightening = size.maxVertical() / component.vertical;
    this.method = method();
    this.sums = new int[component.width];
  }

  private Method method() {
    if (widening == 1 && heightening == 1) {
      return Method.COPY;
    }
    if (widening == 1 && heightening == 2) {
      return Method.HEIGHTEN;
    }
    if (widening == 2 && heightening <= 2 && component.width > 2) {
      return heightening == 1 ? Method.WIDEN : Method.DOUBLE;
    }
    return Method.REPEAT;
  }

  /**
   * Computes a row.
   *
   * @param y of the row in the image
   * @param target receives the samples; has room for those of whole component samples
   */
  void row(int y, byte[] target) {
    byte[] samples = component.samples();
    int near = component.rowOffset(y / heightening);
    switch (method) {
      case COPY -> System.arraycopy(samples, near, target, 0, component.width);
      case WIDEN -> widen(samples, near, target);
      case HEIGHTEN -> {
        sumWithNeighbor(y, samples, near);
        int bias = (y & 1) == 0 ? 1 : 2;
        for (int x = 0; x < component.width; x++) {
          target[x] = (byte) (sums[x] + bias >> 2);
        }
      }
      case DOUBLE -> {
        sumWithNeighbor(y, samples, near);
        widenSums(target);
      }
      case REPEAT -> {
        for (int x = 0, to = 0; x < component.width; x++) {
          for (int i = 0; i < widening; i++) {
            target[to++] = samples[near + x];
          }
        }
      }
    }
  }

  private void widen(byte[] samples, int from, byte[] target) {
    int last = component.width - 1;
    target[0] = samples[from];
    target[2 * last + 1] = samples[from + last];
    int left = samples[from] & 0xff;
    for (int x = 0; x < last; x++) {
      int right = samples[from + x + 1] & 0xff;
      target[2 * x + 1] = (byte) (3 * left + right + 2 >> 2);
      target[2 * x + 2] = (byte) (3 * right + left + 1 >> 2);
      left = right;
    }
  }

  /** Adds the row above or below to three times the nearer row. */
  private void sumWithNeighbor(int y, byte[] samples, int near) {
    int row = y / 2 + ((y & 1) == 0 ? -1 : 1);
    int far = component.rowOffset(Math.max(0, Math.min(component.height - 1, row)));
    for (int x = 0; x < sums.length; x++) {
      sums[x] = 3 * (samples[near + x] & 0xff) + (samples[far + x] & 0xff);
    }
  }

  private void widenSums(byte[] target) {
    int last = sums.length - 1;
    target[0] = (byte) (4 * sums[0] + 8 >> 4);
    target[2 * last + 1] = (byte) (4 * sums[last] + 7 >> 4);
    for (int x = 0; x < last; x++) {
      int left = sums[x];
      int right = sums[x + 1];
      target[2 * x + 1] = (byte) (3 * left + right + 7 >> 4);
      target[2 * x + 2] = (byte) (3 * right + left + 8 >> 4);
    }
  }
}
