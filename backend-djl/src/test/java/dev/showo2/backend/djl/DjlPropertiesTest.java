package dev.showo2.backend.djl;

import dev.showo2.conformance.property.BackendProperties;
import dev.showo2.spi.BackendProvider;

/** PyTorch against the reference, on models and lengths of all sizes. */
class DjlPropertiesTest extends BackendProperties {

  @Override
  protected BackendProvider provider() {
    return new DjlBackendProvider();
  }
}
