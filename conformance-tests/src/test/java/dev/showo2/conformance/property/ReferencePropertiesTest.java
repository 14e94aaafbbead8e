package dev.showo2.conformance.property;

import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.spi.BackendProvider;

/** The reference holds against itself: every model exports and opens, and every stage runs. */
class ReferencePropertiesTest extends BackendProperties {

  @Override
  protected BackendProvider provider() {
    return new ReferenceBackendProvider();
  }
}
