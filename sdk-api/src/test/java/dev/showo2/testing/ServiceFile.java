package dev.showo2.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/** A class loader that finds one more service file, which is in memory. */
public final class ServiceFile extends ClassLoader {

  private final String name;
  private final URL file;

  /**
   * @param content lines of the file
   */
  public ServiceFile(Class<?> service, String content, ClassLoader parent) {
    super(parent);
    name = "META-INF/services/" + service.getName();
    try {
      file = new URL(null, "memory:" + name, new InMemory(content));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public Enumeration<URL> getResources(String asked) throws IOException {
    List<URL> found = new ArrayList<>(Collections.list(super.getResources(asked)));
    if (asked.equals(name)) {
      found.add(file);
    }
    return Collections.enumeration(found);
  }

  private static final class InMemory extends URLStreamHandler {

    private final byte[] content;

    InMemory(String content) {
      this.content = content.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() {
          return new ByteArrayInputStream(content);
        }
      };
    }
  }
}
