package dev.showo2.natives.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Libraries of an artifact that are text files. */
final class NativeFixture {

  static final List<String> NAMES = List.of("libone.so", "libtwo.so");

  private NativeFixture() {}

  static NativeLibraries libraries(Path folder) throws IOException {
    List<NativeLibraries.Resource> files = new ArrayList<>();
    for (String name : NAMES) {
      Path file = Files.writeString(folder.resolve(name), content(name));
      CRC32 crc = new CRC32();
      crc.update(content(name).getBytes(StandardCharsets.UTF_8));
      files.add(
          new NativeLibraries.Resource(
              file.toUri().toURL(), name, content(name).length(), crc.getValue()));
    }
    return new NativeLibraries("org.example:engine", "engine-1.0-abcd", files);
  }

  static String content(String name) {
    return "the code of " + name;
  }
}
