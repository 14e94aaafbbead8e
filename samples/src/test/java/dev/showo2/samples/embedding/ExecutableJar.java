package dev.showo2.samples.embedding;

import dev.showo2.samples.testing.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The class path of the tests as Spring Boot packs it: jars, not compressed, within a jar. */
final class ExecutableJar {

  /** Parts of names of what tests or the command line need, and other programs do not. */
  private static final List<String> LEFT_OUT =
      List.of("junit", "archunit", "spring-boot-loader", "slf4j-jdk14");

  private static final String LAUNCHER = "org/springframework/boot/loader/launch/JarLauncher";

  private ExecutableJar() {}

  static Path write(Path folder, Class<?> program) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.MAIN_CLASS, LAUNCHER.replace('/', '.'));
    main.putValue("Start-Class", program.getName());
    main.putValue("Spring-Boot-Classes", "BOOT-INF/classes/");
    main.putValue("Spring-Boot-Lib", "BOOT-INF/lib/");
    Path jar = folder.resolve("application.jar");
    int number = 0;
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      out.setLevel(0);
      copyLauncher(out);
      out.putNextEntry(new ZipEntry("BOOT-INF/classes/"));
      out.putNextEntry(new ZipEntry("BOOT-INF/lib/"));
      for (String entry : ChildJvm.classPath().split(File.pathSeparator)) {
        Path path = Path.of(entry);
        if (Files.exists(path) && LEFT_OUT.stream().noneMatch(path.toString()::contains)) {
          byte[] library =
              Files.isDirectory(path) ? pack(folder, path.toRealPath()) : Files.readAllBytes(path);
          store(out, "BOOT-INF/lib/" + number++ + ".jar", library);
        }
      }
    }
    return jar;
  }

  private static void copyLauncher(JarOutputStream out) throws IOException {
    URL launcherClass = ExecutableJar.class.getResource("/" + LAUNCHER + ".class");
    Path location = Path.of(URI.create(launcherClass.getPath().replaceFirst("!.*", "")));
    try (JarFile launcher = new JarFile(location.toFile())) {
      for (var entry :
          launcher.stream().filter(each -> each.getName().startsWith("org/")).toList()) {
        out.putNextEntry(new ZipEntry(entry.getName()));
        launcher.getInputStream(entry).transferTo(out);
      }
    }
  }

  private static byte[] pack(Path folder, Path classes) throws IOException {
    Path packed = Files.createTempFile(folder, "classes", ".jar");
    try (OutputStream file = Files.newOutputStream(packed);
        ZipOutputStream out = new ZipOutputStream(file);
        Stream<Path> tree = Files.walk(classes)) {
      for (Path path : tree.filter(Files::isRegularFile).toList()) {
        String name = classes.relativize(path).toString().replace(File.separatorChar, '/');
        out.putNextEntry(new ZipEntry(name));
        Files.copy(path, out);
      }
    }
    return Files.readAllBytes(packed);
  }

  private static void store(JarOutputStream out, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    out.putNextEntry(entry);
    out.write(content);
  }
}
