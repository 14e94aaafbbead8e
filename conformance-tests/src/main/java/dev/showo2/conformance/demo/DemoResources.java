package dev.showo2.conformance.demo;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import org.apiguardian.api.API;

/** The files of the reference folder {@code demo} on the class path. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class DemoResources {

  private static final String FOLDER = "/dev/showo2/conformance/reference/demo/";

  private DemoResources() {}

  public static String text(String path) {
    try (InputStream in = open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  public static BufferedImage image(String path) {
    try (InputStream in = open(path)) {
      return ImageIO.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  private static InputStream open(String path) {
    InputStream in = DemoResources.class.getResourceAsStream(FOLDER + path);
    if (in == null) {
      throw new IllegalStateException("not on the class path: " + FOLDER + path);
    }
    return in;
  }
}
