package dev.showo2.train.data;

import java.util.Locale;
import java.util.Set;

/** Endings of names of images and videos. */
final class MediaNames {

  private static final Set<String> IMAGES =
      Set.of("png", "jpg", "jpeg", "bmp", "gif", "tif", "tiff", "webp", "avif", "heic");
  private static final Set<String> VIDEOS =
      Set.of("mp4", "mov", "webm", "mkv", "avi", "mpg", "mpeg", "m4v");

  private MediaNames() {}

  static boolean isImage(String ending) {
    return IMAGES.contains(ending.toLowerCase(Locale.ROOT));
  }

  static boolean isImageOrVideo(String ending) {
    return isImage(ending) || VIDEOS.contains(ending.toLowerCase(Locale.ROOT));
  }

  /** What follows the last dot; empty if there is none. */
  static String ending(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
