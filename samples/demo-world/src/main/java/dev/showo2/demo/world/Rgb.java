package dev.showo2.demo.world;

import org.apiguardian.api.API;

/**
 * A color or a difference of two, in units of 8-bit values.
 *
 * @param red 0 to 255 for a color
 * @param green 0 to 255 for a color
 * @param blue 0 to 255 for a color
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Rgb(double red, double green, double blue) {

  static Rgb of(int packed) {
    return new Rgb(packed >> 16 & 0xff, packed >> 8 & 0xff, packed & 0xff);
  }

  Rgb minus(Rgb other) {
    return new Rgb(red - other.red, green - other.green, blue - other.blue);
  }

  double dot(Rgb other) {
    return red * other.red + green * other.green + blue * other.blue;
  }

  double distance(Rgb other) {
    Rgb difference = minus(other);
    return Math.sqrt(difference.dot(difference));
  }
}
