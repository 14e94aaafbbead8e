package dev.showo2.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.media.Outpainting;
import dev.showo2.sampler.TokenSampling;
import dev.showo2.spi.BackendConfig;
import dev.showo2.tiling.Tiling;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and options that gain a setting, under programs that were compiled before. */
class RequestEvolutionTest {

  private static final Path OPTIONS =
      Path.of("src/main/java/dev/showo2/pipeline/ConversationOptions.java");

  private static final String CLIENT =
      """
      import dev.showo2.pipeline.ConversationOptions;

      public class Client {
        public static String run() {
          ConversationOptions options =
              ConversationOptions.builder().system("be brief").seed(7).build();
          return options.toBuilder().seed(8).build().toString() + options.equals(options);
        }
      }
      """;

  private static final String RECORD_CLIENT =
      """
      public class Client {
        public static String run() {
          return new Options("be brief", 7).toString();
        }
      }
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      classes = {
        TextToImageRequest.class,
        ImageToImageRequest.class,
        TextToVideoRequest.class,
        ImageToVideoRequest.class,
        ImageUnderstandingRequest.class,
        VideoUnderstandingRequest.class,
        StoryRequest.class,
        BestOfRequest.class,
        FlowOptions.class,
        TextOptions.class,
        ConversationOptions.class,
        TokenSampling.class,
        BackendConfig.class
      })
  void settingsAreMadeThroughABuilderAlone(Class<?> type) throws ReflectiveOperationException {
    assertClosed(type);
    Class<?> builder = type.getMethod("toBuilder").getReturnType();
    assertEquals(type, builder.getEnclosingClass());
    assertClosed(builder);
    assertEquals(type, builder.getMethod("build").getReturnType());
    List<Method> starts =
        Arrays.stream(type.getMethods())
            .filter(method -> Modifier.isStatic(method.getModifiers()))
            .filter(method -> method.getReturnType() == builder)
            .toList();
    assertFalse(starts.isEmpty(), "no way to a builder of " + type);
  }

  /** Values that come from factories, which may get siblings. */
  @ParameterizedTest
  @ValueSource(classes = {ScoringPrompt.class, Tiling.class, Outpainting.class})
  void smallValuesHaveNoConstructorEither(Class<?> type) {
    assertClosed(type);
  }

  private static void assertClosed(Class<?> type) {
    assertTrue(Modifier.isFinal(type.getModifiers()), type + " is not final");
    assertFalse(type.isRecord(), type + " is a record");
    assertEquals(0, type.getConstructors().length, type + " has a public constructor");
  }

  @Test
  void aSettingCanBeAddedUnderACompiledProgram() throws Exception {
    String before = Files.readString(OPTIONS);
    Path first = compile("first", "dev/showo2/pipeline/ConversationOptions.java", before);
    Path client = compile("client", "Client.java", CLIENT, first);
    Path second =
        compile(
            "second", "dev/showo2/pipeline/ConversationOptions.java", withFurtherSetting(before));
    assertEquals(run(first, client), run(second, client));
    assertTrue(run(second, client).contains("system=be brief"), run(second, client));
  }

  private static String withFurtherSetting(String source) {
    String after =
        source
            .replace(
                "  private final long seed;\n",
                "  private final long seed;\n  private final int further;\n")
            .replace(
                "    seed = builder.seed;\n",
                "    seed = builder.seed;\n    further = builder.further;\n")
            .replace(
                "    private Builder() {}\n",
                """
                    private int further = 3;

                    private Builder() {}

                    public Builder further(int further) {
                      this.further = further;
                      return this;
                    }
                """)
            .replace(
                "  private List<Object> settings() {\n",
                """
                  public int further() {
                    return further;
                  }

                  private List<Object> settings() {
                """);
    assertEquals(4, after.split("further;\n", -1).length - 1, after);
    return after;
  }

  /** What the test would see if requests were records. */
  @Test
  void aRecordWouldBreakTheProgram() throws Exception {
    Path first =
        compile("first", "Options.java", "public record Options(String system, long seed) {}");
    Path client = compile("client", "Client.java", RECORD_CLIENT, first);
    Path second =
        compile(
            "second",
            "Options.java",
            "public record Options(String system, long seed, int further) {}");
    assertEquals("Options[system=be brief, seed=7]", run(first, client));
    assertEquals(
        NoSuchMethodError.class,
        assertThrows(InvocationTargetException.class, () -> run(second, client))
            .getCause()
            .getClass());
  }

  /** Compiles one file against folders of classes, and this module behind them. */
  private Path compile(String name, String file, String source, Path... known) throws IOException {
    Path written = folder.resolve(name + "-sources").resolve(file);
    Files.createDirectories(written.getParent());
    Files.writeString(written, source);
    Path target = Files.createDirectories(folder.resolve(name));
    StringBuilder classPath = new StringBuilder();
    for (Path each : known) {
      classPath.append(each).append(File.pathSeparator);
    }
    classPath.append(System.getProperty("java.class.path"));
    StringWriter errors = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  errors,
                  files,
                  null,
                  List.of("-proc:none", "-cp", classPath.toString(), "-d", target.toString()),
                  null,
                  files.getJavaFileObjects(written))
              .call();
      assertTrue(compiled, errors.toString());
    }
    return target;
  }

  /** Runs the client with the types of one version, and with those of this module behind them. */
  private String run(Path version, Path client) throws Exception {
    URL[] urls = {version.toUri().toURL(), client.toUri().toURL()};
    try (URLClassLoader loader = new VersionFirst(urls)) {
      return (String) loader.loadClass("Client").getMethod("run").invoke(null);
    }
  }

  private static final class VersionFirst extends URLClassLoader {

    VersionFirst(URL[] urls) {
      super(urls, RequestEvolutionTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        try {
          return findClass(name);
        } catch (ClassNotFoundException e) {
          return super.loadClass(name, resolve);
        }
      }
    }
  }
}
