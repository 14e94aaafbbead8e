package dev.showo2.backend.djl;

import dev.showo2.conformance.FixtureModels;
import dev.showo2.testing.NativeMemoryContract;
import dev.showo2.testing.OpenedBackend;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ExportedFixtures.class)
class DjlMemoryTest extends NativeMemoryContract {

  private static FixtureModels models;

  @BeforeAll
  static void use(FixtureModels exported) {
    models = exported;
  }

  @Override
  protected OpenedBackend open(String checkpoint) {
    return OpenDjl.open(models.bundle(checkpoint));
  }
}
