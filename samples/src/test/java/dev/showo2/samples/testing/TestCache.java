package dev.showo2.samples.testing;

import dev.showo2.samples.demo.DemoListener;
import dev.showo2.samples.demo.DemoModel;
import java.io.IOException;
import java.nio.file.Path;

/** One cache for all tests that only want the demo model; kept between runs, gone with a clean. */
public final class TestCache {

  private TestCache() {}

  public static Path folder() {
    return Path.of("target", "test-cache").toAbsolutePath();
  }

  /** The demo model's bundle. */
  public static Path bundle() throws IOException {
    return DemoModel.bundle(folder(), DemoListener.QUIET);
  }
}
