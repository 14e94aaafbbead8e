package dev.showo2.media;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.tensor.HostTensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apiguardian.api.API;

/** The files under media/ among the test resources; one that is missing fails the test. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class MediaFixtures {

  private MediaFixtures() {}

  static Path path(String name) {
    URL url = MediaFixtures.class.getResource("/media/" + name);
    if (url == null) {
      throw new AssertionError("the fixture media/" + name + " is missing");
    }
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  public static JsonElement json(String name) {
    try {
      return JsonParser.parseString(Files.readString(path(name)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public static HostTensor floats(String file, String tensor) {
    try (SafetensorsFile safetensors = SafetensorsFile.open(path(file))) {
      return safetensors.readFloats(tensor);
    }
  }

  public static long[] integers(String file, String tensor) {
    try (SafetensorsFile safetensors = SafetensorsFile.open(path(file))) {
      return safetensors.readIntegers(tensor);
    }
  }

  public static BufferedImage photo() {
    return ImageDecoder.read(path("photo.png"));
  }

  /** Red, green and blue of all pixels, row by row. */
  public static byte[] rgb(BufferedImage image) {
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    byte[] rgb = new byte[3 * pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      rgb[3 * i] = (byte) (pixels[i] >> 16);
      rgb[3 * i + 1] = (byte) (pixels[i] >> 8);
      rgb[3 * i + 2] = (byte) pixels[i];
    }
    return rgb;
  }

  /** Bytes that look random and are the same in every language. */
  public static BufferedImage noise(int width, int height, int seed) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int state = seed;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rgb = 0;
        for (int channel = 0; channel < 3; channel++) {
          state = state * 1664525 + 1013904223;
          rgb = rgb << 8 | state >>> 24;
        }
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }
}
