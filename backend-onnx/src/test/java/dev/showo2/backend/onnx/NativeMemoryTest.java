package dev.showo2.backend.onnx;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.testing.NativeMemoryContract;
import dev.showo2.testing.OpenedBackend;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ExportedModels.class)
class NativeMemoryTest extends NativeMemoryContract {

  private Models models;

  @BeforeEach
  void use(Models exported) {
    models = exported;
  }

  @Override
  protected OpenedBackend open(String checkpoint) {
    return OpenBackend.open(models.bundle(checkpoint));
  }
}
