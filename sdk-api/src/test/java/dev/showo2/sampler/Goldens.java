package dev.showo2.sampler;

import dev.showo2.model.SafetensorsFile;
import dev.showo2.tensor.HostTensor;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import org.apiguardian.api.API;

/** Reads the sampler's golden tensors; a missing file fails the test. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Goldens {

  private Goldens() {}

  public static HostTensor read(String file, String tensor) {
    String resource = "/goldens/sampler/" + file + ".safetensors";
    URL url = Goldens.class.getResource(resource);
    if (url == null) {
      throw new AssertionError("missing fixture " + resource);
    }
    try (SafetensorsFile goldens = SafetensorsFile.open(Path.of(url.toURI()))) {
      return goldens.readFloats(tensor);
    } catch (URISyntaxException e) {
      throw new AssertionError("unreadable fixture " + url, e);
    }
  }
}
