package dev.showo2.demo.world;

import dev.showo2.demo.model.DemoCheckpoint;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import org.apiguardian.api.API;

/** The files of the demo checkpoint. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class DemoResources {

  private DemoResources() {}

  /**
   * Reads a text of the reference data.
   *
   * @param path relative to the folder of the demo model
   * @return the text in UTF-8
   */
  public static String text(String path) {
    try (InputStream in = DemoCheckpoint.open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  /**
   * Reads an image of the reference data.
   *
   * @param path relative to the folder of the demo model
   * @return the image
   */
  public static BufferedImage image(String path) {
    try (InputStream in = DemoCheckpoint.open(path)) {
      return ImageIO.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }
}
