package dev.showo2.conformance.internal.reference;

import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.tensor.HostTensor;
import dev.showo2.testing.KvCacheContract;
import dev.showo2.testing.OpenedBackend;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ExportedModels.class)
class KvCacheTest extends KvCacheContract {

  private Models models;

  @BeforeEach
  void use(Models exported) {
    models = exported;
  }

  @Override
  protected OpenedBackend open(String checkpoint) {
    return OpenBackend.open(models.bundle(checkpoint));
  }

  @Override
  protected void assertClose(HostTensor expected, HostTensor actual) {
    OpenBackend.assertClose(expected, actual);
  }

  @Override
  protected void assertFar(HostTensor a, HostTensor b) {
    OpenBackend.assertFar(a, b);
  }
}
