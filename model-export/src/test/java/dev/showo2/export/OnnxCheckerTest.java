package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.GraphFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs ONNX's own checker and its full, strict shape inference on the graphs. */
@Tag("onnx-checker")
class OnnxCheckerTest {

  @TempDir Path folder;

  static Stream<Architecture> architectures() {
    return Stream.of(TinyArchitecture.TIED, TinyArchitecture.UNTIED);
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void acceptsEveryGraph(Architecture architecture) throws IOException {
    Bundle bundle = export(architecture);
    assertEquals(22, bundle.manifest().graphs().size());
    for (GraphFile graph : bundle.manifest().graphs()) {
      ModelProto inferred = OnnxChecker.check(bundle.directory().resolve(graph.file()));
      if (graph.dialect().equals(GraphFile.PORTABLE)) {
        OnnxChecker.assertEveryShapeIsKnown(inferred.getGraph());
      }
    }
  }

  /** Shows that the checker really infers shapes and compares them with what is declared. */
  @Test
  void findsAWrongOutput() throws IOException {
    Path file = export(TinyArchitecture.TIED).directory().resolve("fusion.onnx");
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    model
        .getGraphBuilder()
        .getOutputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .getDimBuilder(2)
        .setDimValue(33);
    Path wrong = Files.write(file.resolveSibling("wrong.onnx"), model.build().toByteArray());
    assertThrows(RuntimeException.class, () -> OnnxChecker.check(wrong));
  }

  private Bundle export(Architecture architecture) throws IOException {
    Path checkpoint = TestCheckpoint.of(architecture).write(folder.resolve("checkpoint"));
    Path target = folder.resolve("bundle");
    ModelExporter.export(ExportRequest.of(checkpoint, target), ExportListener.NONE);
    return Bundle.open(target);
  }
}
