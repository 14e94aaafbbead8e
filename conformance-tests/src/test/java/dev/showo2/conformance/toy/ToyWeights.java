package dev.showo2.conformance.toy;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.tensor.HostTensor;
import java.util.HashMap;
import java.util.Map;

/** All weights of a bundle by their names, as 32-bit floats. */
record ToyWeights(Map<String, HostTensor> byName) {

  static ToyWeights read(Bundle bundle) {
    Map<String, HostTensor> weights = new HashMap<>();
    for (BundleFile entry : bundle.manifest().files()) {
      if (entry.name().endsWith(".safetensors")) {
        try (SafetensorsFile file =
            SafetensorsFile.open(bundle.directory().resolve(entry.name()))) {
          file.tensors().keySet().forEach(name -> weights.put(name, file.readFloats(name)));
        }
      }
    }
    return new ToyWeights(weights);
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  HostTensor get(String name) {
    if (!has(name)) {
      throw new InvalidModelException("the bundle lacks the weight " + name);
    }
    return byName.get(name);
  }

  float[] values(String name) {
    return get(name).values();
  }
}
