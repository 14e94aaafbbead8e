package dev.showo2.backend.onnx;

import dev.showo2.conformance.property.BackendProperties;
import dev.showo2.spi.BackendProvider;

/** ONNX Runtime against the reference, on models and lengths of all sizes. */
class OnnxPropertiesTest extends BackendProperties {

  @Override
  protected BackendProvider provider() {
    return new OnnxBackendProvider();
  }
}
