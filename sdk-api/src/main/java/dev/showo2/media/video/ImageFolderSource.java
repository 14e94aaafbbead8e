package dev.showo2.media.video;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.media.ImageDecoder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The images of a folder as frames, in the natural order of their names. */
final class ImageFolderSource implements SizedSource {

  private static final List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg", ".bmp", ".gif");

  private final List<Path> files;
  private int next;
  private boolean closed;

  private ImageFolderSource(List<Path> files) {
    this.files = files;
  }

  static ImageFolderSource open(Path folder) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(folder, ImageFolderSource::isImage)) {
      for (Path entry : entries) {
        files.add(entry);
        VideoLimits.requireFrames(files.size(), folder);
      }
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e, () -> new InvalidRequestException("cannot read " + folder + ": " + e.getMessage(), e));
    }
    if (files.isEmpty()) {
      throw new InvalidRequestException(
          VideoReader.EXPECTED
              + ", but "
              + folder
              + " is a folder without images: none of its files ends with "
              + String.join(", ", ENDINGS));
    }
    files.sort(Comparator.comparing(file -> file.getFileName().toString(), new NaturalOrder()));
    return new ImageFolderSource(files);
  }

  private static boolean isImage(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    // A leading dot hides files, such as those that macOS adds to every image.
    return !name.startsWith(".")
        && ENDINGS.stream().anyMatch(name::endsWith)
        && Files.isRegularFile(file);
  }

  @Override
  public Optional<BufferedImage> next() {
    return advance() ? Optional.of(ImageDecoder.read(files.get(next - 1))) : Optional.empty();
  }

  @Override
  public boolean skip() {
    return advance();
  }

  private boolean advance() {
    if (closed) {
      throw new IllegalStateException("the source of frames is closed");
    }
    if (next == files.size()) {
      return false;
    }
    next++;
    return true;
  }

  @Override
  public double frameRate() {
    return DEFAULT_FRAME_RATE;
  }

  @Override
  public long claimedFrames() {
    return files.size();
  }

  @Override
  public void close() {
    closed = true;
  }

  /**
   * The natural order of file names: {@code frame-9} precedes {@code frame-10}. Runs of digits are
   * compared as numbers, all else letter by letter, ignoring case.
   */
  static final class NaturalOrder implements Comparator<String> {

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
                  Character.toLowerCase(left.charAt(i++)),
                  Character.toLowerCase(right.charAt(j++)));
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
}
