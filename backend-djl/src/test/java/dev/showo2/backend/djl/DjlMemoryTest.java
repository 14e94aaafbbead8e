package dev.showo2.backend.djl;

import dev.showo2.conformance.FixtureModels;
import dev.showo2.testing.NativeMemoryContract;
import dev.showo2.testing.OpenedBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class DjlMemoryTest extends NativeMemoryContract {

  private static FixtureModels models;

  @BeforeAll
  static void export() {
    models = new FixtureModels();
  }

  @AfterAll
  static void delete() {
    models.close();
  }

  @Override
  protected OpenedBackend open(String checkpoint) {
    return OpenDjl.open(models.bundle(checkpoint));
  }
}
