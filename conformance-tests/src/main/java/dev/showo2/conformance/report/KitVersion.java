package dev.showo2.conformance.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version that the build gave the kit, which is that of the SDK. */
final class KitVersion {

  static final String VALUE = read();

  private KitVersion() {}

  private static String read() {
    Properties properties = new Properties();
    try (InputStream file = KitVersion.class.getResourceAsStream("kit.properties")) {
      if (file == null) {
        throw new IllegalStateException("the kit was built without its kit.properties");
      }
      properties.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}
