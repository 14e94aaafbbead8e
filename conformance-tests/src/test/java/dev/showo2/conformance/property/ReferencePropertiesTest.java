package dev.showo2.conformance.property;

import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.spi.BackendProvider;
import net.jqwik.api.PropertyDefaults;

/** The reference holds against itself: every model exports and opens, and every stage runs. */
@PropertyDefaults(tries = 4)
class ReferencePropertiesTest extends BackendProperties {

  @Override
  protected BackendProvider provider() {
    return new ReferenceBackendProvider();
  }
}
