package dev.showo2.media.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.ShowO2Exception;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.media.video.internal.Ffmpeg;
import dev.showo2.media.video.internal.FfmpegNatives;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apiguardian.api.API;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks how FFmpeg is found, and the error where it is not. */
class FfmpegTest {

  private static final List<BufferedImage> FRAMES = Clips.numbered(16, 16, 2);

  @TempDir Path directory;

  /** As a program sees the SDK that has these libraries on its class path, and no others. */
  private static URLClassLoader program(Class<?>... libraries) {
    URL[] urls = new URL[libraries.length];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = libraries[i].getProtectionDomain().getCodeSource().getLocation();
    }
    return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }

  private static String artifacts() throws IOException {
    String ffmpeg = version("org.bytedeco/ffmpeg");
    String javacpp = version("org.bytedeco/javacpp");
    return "add org.bytedeco:ffmpeg:"
        + ffmpeg
        + " and, with the classifier "
        + Loader.getPlatform()
        + ", org.bytedeco:ffmpeg:"
        + ffmpeg
        + " and org.bytedeco:javacpp:"
        + javacpp
        + " to the class path, or use an animated GIF or a folder of images, which do without";
  }

  /** Of the library that the tests run with. */
  private static String version(String artifact) throws IOException {
    try (InputStream input =
        avcodec.class.getResourceAsStream("/META-INF/maven/" + artifact + "/pom.properties")) {
      Properties properties = new Properties();
      properties.load(input);
      return properties.getProperty("version");
    }
  }

  @Test
  void withoutFfmpegTheErrorNamesWhatToAdd() throws Exception {
    Path video = directory.resolve("clip.mp4");
    VideoWriter.write(FRAMES, 8, video);
    try (URLClassLoader program = program(VideoReader.class, API.class)) {
      for (int i = 0; i < 2; i++) { // the second time the JVM remembers the first
        assertEquals(
            "reading "
                + video
                + " takes FFmpeg, which cannot be loaded (java.lang.NoClassDefFoundError:"
                + " org/bytedeco/ffmpeg/global/avcodec); "
                + artifacts(),
            refusal(program, "VideoReader", "open", video));
      }
      Path other = directory.resolve("other.webm");
      assertTrue(
          refusal(program, "VideoWriter", "create", other)
              .startsWith("writing " + other + " takes FFmpeg, which cannot be loaded ("));
    }
    assertEquals(List.of("clip.mp4"), Clips.names(directory));
  }

  @Test
  void withoutItsNativePartTheErrorNamesWhatToAdd() throws Exception {
    try (URLClassLoader program =
        program(VideoReader.class, API.class, avcodec.class, Loader.class)) {
      String message = refusal(program, "VideoWriter", "create", directory.resolve("clip.mp4"));
      assertTrue(message.contains("java.lang.UnsatisfiedLinkError: no jniavutil"), message);
      assertTrue(message.endsWith(artifacts()), message);
    }
  }

  @Test
  void withoutFfmpegTheOthersWork() throws Exception {
    try (URLClassLoader program = program(VideoReader.class, API.class)) {
      Class<?> writer = program.loadClass("dev.showo2.media.video.VideoWriter");
      Method write = writer.getMethod("write", Iterable.class, double.class, Path.class);
      for (String name : List.of("clip.gif", "clip")) {
        write.invoke(null, FRAMES, 8.0, directory.resolve(name));
        Method sample =
            program
                .loadClass("dev.showo2.media.video.VideoReader")
                .getMethod("sample", Path.class, int.class);
        List<?> frames = (List<?>) sample.invoke(null, directory.resolve(name), 2);
        assertEquals(1, Clips.number((BufferedImage) frames.get(1)));
      }
    }
  }

  private static String refusal(ClassLoader program, String type, String method, Path file)
      throws ReflectiveOperationException {
    Method called =
        program.loadClass("dev.showo2.media.video." + type).getMethod(method, Path.class);
    Throwable thrown =
        assertThrows(InvocationTargetException.class, () -> called.invoke(null, file)).getCause();
    assertEquals(UnsupportedFeatureException.class.getName(), thrown.getClass().getName());
    assertInstanceOf(
        program.loadClass(ShowO2Exception.class.getName()).asSubclass(Throwable.class), thrown);
    return thrown.getMessage();
  }

  @Test
  void itIsSilencedUnlessTheProgramHasChosenALevel() {
    Ffmpeg.require("a test", "do without");
    assertEquals(avutil.AV_LOG_QUIET, avutil.av_log_get_level());
    avutil.av_log_set_level(avutil.AV_LOG_ERROR);
    try {
      FfmpegNatives.load();
      assertEquals(avutil.AV_LOG_ERROR, avutil.av_log_get_level());
      avutil.av_log_set_level(avutil.AV_LOG_INFO);
      FfmpegNatives.load();
      assertEquals(avutil.AV_LOG_QUIET, avutil.av_log_get_level());
    } finally {
      avutil.av_log_set_level(avutil.AV_LOG_QUIET);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-x86_64",
    "Linux, aarch64, linux-arm64",
    "Mac OS X, aarch64, macosx-arm64",
    "Mac OS X, x86_64, macosx-x86_64",
    "Windows 11, amd64, windows-x86_64"
  })
  void platformsAreNamedAsTheArtifactsAre(String system, String processor, String platform) {
    assertEquals(platform, Ffmpeg.platform(system, processor));
  }
}
