package dev.showo2.pipeline.internal;

import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.List;
import org.apiguardian.api.API;

/** Validates the image arguments of requests. Stateless and thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ImageArguments {

  private ImageArguments() {}

  /**
   * Validates a list of images.
   *
   * @param name of one of them, such as "image"
   * @param images of any size
   * @return an immutable copy of the list
   * @throws InvalidRequestException if there is none, or one is null
   */
  public static List<BufferedImage> require(String name, List<BufferedImage> images) {
    if (images == null || images.isEmpty()) {
      throw new InvalidRequestException(
          name + "s: at least one image is needed, found " + (images == null ? "null" : "none"));
    }
    BufferedImage[] copy = images.toArray(BufferedImage[]::new);
    for (int i = 0; i < copy.length; i++) {
      if (copy[i] == null) {
        throw new InvalidRequestException(
            (copy.length == 1 ? name : name + " " + (i + 1) + " of " + copy.length)
                + ": an image is needed, found null; ImageIO.read gives null for files that are"
                + " none");
      }
    }
    return List.of(copy);
  }

  /**
   * @param name of the argument
   * @throws InvalidRequestException if there is no image
   */
  public static void requirePresent(String name, BufferedImage image) {
    if (image == null) {
      throw new InvalidRequestException(
          name + ": an image is needed, found null; ImageIO.read gives null for what is no image");
    }
  }

  /**
   * Makes a list of one image, which may be null.
   *
   * @param image or null
   * @return the list
   */
  public static List<BufferedImage> single(BufferedImage image) {
    return Collections.singletonList(image);
  }
}
