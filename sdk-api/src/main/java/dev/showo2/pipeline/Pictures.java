package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.List;

/** What pictures to be looked at must be. */
final class Pictures {

  private Pictures() {}

  /**
   * @param name of one of them, such as "image"
   * @return an immutable copy of the list
   * @throws InvalidRequestException if there is none, or one is null
   */
  static List<BufferedImage> require(String name, List<BufferedImage> pictures) {
    if (pictures == null || pictures.isEmpty()) {
      throw new InvalidRequestException(
          name
              + "s: at least one picture is needed, found "
              + (pictures == null ? "null" : "none"));
    }
    BufferedImage[] copy = pictures.toArray(BufferedImage[]::new);
    for (int i = 0; i < copy.length; i++) {
      if (copy[i] == null) {
        throw new InvalidRequestException(
            (copy.length == 1 ? name : name + " " + (i + 1) + " of " + copy.length)
                + ": a picture is needed, found null; ImageIO.read gives null for files that are"
                + " none");
      }
    }
    return List.of(copy);
  }

  /** A list of one picture, which may be null. */
  static List<BufferedImage> single(BufferedImage picture) {
    return Collections.singletonList(picture);
  }
}
