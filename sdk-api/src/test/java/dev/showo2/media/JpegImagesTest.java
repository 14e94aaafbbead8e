package dev.showo2.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.showo2.error.InvalidRequestException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** JPEG files compared with what Pillow 12 reads from them, sample by sample. */
class JpegImagesTest {

  private static final int JFIF_END = 20;

  static Stream<JsonObject> files() {
    return MediaFixtures.json("pillow_jpeg.json").getAsJsonArray().asList().stream()
        .map(JsonElement::getAsJsonObject);
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyKindIsReadAsPillowReadsIt(JsonObject expected) {
    String name = expected.get("name").getAsString();
    BufferedImage image = ImageDecoder.decode(bytes(expected, "file"), name);
    assertEquals(expected.get("width").getAsInt(), image.getWidth());
    assertEquals(expected.get("height").getAsInt(), image.getHeight());
    assertArrayEquals(bytes(expected, "rgb"), MediaFixtures.rgb(image), name);
  }

  @Test
  void noProfileChangesColors() {
    byte[] jpeg = file("4:2:0");
    byte[] linear = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    byte[] gray = ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData();
    byte[] pcc = ICC_Profile.getInstance(ColorSpace.CS_PYCC).getData();
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("linear", with(jpeg, profile(1, 1, linear)));
    files.put("gray", with(jpeg, profile(1, 1, gray)));
    files.put("three other colors", with(jpeg, profile(1, 1, Arrays.copyOf(pcc, 60_000))));
    files.put("empty", with(jpeg, profile(1, 1, new byte[0])));
    files.put("doubled", with(jpeg, profile(1, 1, linear), profile(1, 1, linear)));
    files.put("first of two alone", with(jpeg, profile(1, 2, linear)));
    files.put("zeros", with(jpeg, profile(1, 1, new byte[200])));
    files.put("ends in its name", with(jpeg, segment(0xe2, "ICC_PRO".getBytes())));
    int scan = indexOf(jpeg, 0xda);
    ByteArrayOutputStream late = new ByteArrayOutputStream();
    late.write(jpeg, 0, scan);
    late.writeBytes(profile(1, 1, linear));
    late.write(jpeg, scan, jpeg.length - scan);
    files.put("late", late.toByteArray());
    byte[] expected = MediaFixtures.rgb(ImageDecoder.decode(jpeg, "plain"));
    files.forEach(
        (name, file) ->
            assertArrayEquals(expected, MediaFixtures.rgb(ImageDecoder.decode(file, name)), name));
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileThatBreaksOffIsRefused(JsonObject whole) {
    byte[] file = bytes(whole, "file");
    String name = whole.get("name").getAsString();
    int end = lastIndexOf(file, 0xd9);
    int scan = indexOf(file, 0xda);
    if (name.startsWith("marker") || name.startsWith("bytes behind") || scan + 20 > end) {
      return; // has its end elsewhere
    }
    for (int length = 3; length < end - 2; length += Math.max(1, (end - 3) / 40)) {
      byte[] cut = Arrays.copyOf(file, length);
      InvalidRequestException e =
          assertThrows(
              InvalidRequestException.class,
              () -> ImageDecoder.decode(cut, "cut.jpg"),
              () -> name + " cut to " + cut.length + " of " + file.length + " bytes");
      assertTrue(e.getMessage().contains("the file ends"), e.getMessage());
    }
  }

  @Test
  void progressiveFileWithoutItsEndIsRefused() {
    byte[] file = file("4:2:0 progressive");
    byte[] cut = Arrays.copyOf(file, file.length - 2);
    assertThrows(InvalidRequestException.class, () -> ImageDecoder.decode(cut, "cut.jpg"));
  }

  @Test
  void rareKindsAreNamed() {
    byte[] file = file("gray");
    int frame = indexOf(file, 0xc0);
    byte[] arithmetic = file.clone();
    arithmetic[frame + 1] = (byte) 0xc9;
    assertTrue(refusal(arithmetic).contains("arithmetic"), refusal(arithmetic));
    byte[] precise = file.clone();
    precise[frame + 4] = 12;
    assertTrue(refusal(precise).contains("12 bits"), refusal(precise));
    byte[] tall = file.clone();
    tall[frame + 5] = (byte) 0xff;
    tall[frame + 7] = (byte) 0xff;
    assertTrue(refusal(tall).contains("scale it down"), refusal(tall));
  }

  @Test
  void veryManyScansAreRefused() {
    byte[] file = file("4:2:0 progressive");
    int scan = indexOf(file, 0xda);
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    many.write(file, 0, scan);
    int header = 2 + (file[scan + 3] & 0xff);
    for (int i = 0; i < 1000; i++) {
      many.write(file, scan, header);
    }
    many.write(0xff);
    many.write(0xd9);
    assertTrue(refusal(many.toByteArray()).contains("scans"), refusal(many.toByteArray()));
  }

  @Test
  void exifInTwoSegmentsAndXmpTurnTheImage() {
    byte[] jpeg = file("5x17");
    byte[] exif = new byte[6 + 8 + 2 + 12];
    System.arraycopy(
        "Exif\0\0MM\0*\0\0\0\10\0\1".getBytes(StandardCharsets.US_ASCII), 0, exif, 0, 16);
    exif[16] = 0x01;
    exif[17] = 0x12;
    exif[19] = 3;
    exif[23] = 1;
    exif[25] = 6;
    assertEquals(17, ImageDecoder.decode(with(jpeg, segment(0xe1, exif)), "exif").getWidth());
    byte[] rest = new byte[exif.length - 20 + 6];
    System.arraycopy(exif, 0, rest, 0, 6);
    System.arraycopy(exif, 20, rest, 6, exif.length - 20);
    byte[] split = with(jpeg, segment(0xe1, Arrays.copyOf(exif, 20)), segment(0xe1, rest));
    assertEquals(17, ImageDecoder.decode(split, "two segments").getWidth());
    String packet = "http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation=\"8\"/>";
    byte[] xmp = segment(0xe1, packet.getBytes(StandardCharsets.US_ASCII));
    assertEquals(17, ImageDecoder.decode(with(jpeg, xmp), "XMP").getWidth());
    exif[25] = 1;
    assertEquals(5, ImageDecoder.decode(with(jpeg, segment(0xe1, exif), xmp), "both").getWidth());
  }

  private static String refusal(byte[] file) {
    return assertThrows(InvalidRequestException.class, () -> ImageDecoder.decode(file, "x.jpg"))
        .getMessage();
  }

  private static byte[] file(String name) {
    return files()
        .filter(each -> each.get("name").getAsString().equals(name))
        .map(each -> bytes(each, "file"))
        .findFirst()
        .orElseThrow();
  }

  private static byte[] bytes(JsonObject fixture, String field) {
    return Base64.getDecoder().decode(fixture.get(field).getAsString());
  }

  private static byte[] with(byte[] jpeg, byte[]... segments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, JFIF_END);
    for (byte[] each : segments) {
      out.writeBytes(each);
    }
    out.write(jpeg, JFIF_END, jpeg.length - JFIF_END);
    return out.toByteArray();
  }

  private static byte[] profile(int number, int of, byte[] profile) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII));
    out.write(number);
    out.write(of);
    out.writeBytes(profile);
    return segment(0xe2, out.toByteArray());
  }

  private static byte[] segment(int marker, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0xff);
    out.write(marker);
    out.write(content.length + 2 >> 8);
    out.write(content.length + 2);
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static int indexOf(byte[] file, int marker) {
    int at = 2;
    while (file[at] != (byte) 0xff || file[at + 1] != (byte) marker) {
      at++;
    }
    return at;
  }

  private static int lastIndexOf(byte[] file, int marker) {
    int at = file.length - 2;
    while (file[at] != (byte) 0xff || file[at + 1] != (byte) marker) {
      at--;
    }
    return at;
  }
}
