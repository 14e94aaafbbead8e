package dev.showo2.export.internal.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GraphBuilderTest {

  private final GraphBuilder builder =
      new GraphBuilder(
          "test",
          key ->
              Optional.of(
                  key.equals("half")
                      ? new WeightLocation(
                          "w.safetensors", ElementType.FLOAT16, Shape.of(2, 3), 64, 12)
                      : new WeightLocation(
                          "w.safetensors", ElementType.FLOAT32, Shape.of(2, 3), 64, 24)),
          Dialect.PORTABLE);

  @Test
  void refersToAWeightOncePerShape() {
    assertEquals(builder.weight("w"), builder.weight("w", 2, 3));
    builder.weight("w", 6, 1);
    List<TensorProto> weights = graph().getInitializerList();
    assertEquals(List.of("w[2, 3]", "w[6, 1]"), names(weights));
    for (TensorProto weight : weights) {
      assertEquals(TensorProto.DataLocation.EXTERNAL, weight.getDataLocation());
      assertEquals(
          List.of("location=w.safetensors", "offset=64", "length=24"),
          weight.getExternalDataList().stream()
              .map(entry -> entry.getKey() + "=" + entry.getValue())
              .toList());
    }
  }

  @Test
  void refusesAShapeOfAnotherSize() {
    Exception e = assertThrows(IllegalArgumentException.class, () -> builder.weight("w", 2, 2));
    assertEquals("w [2, 3] cannot be seen as FLOAT32[2, 2]", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> builder.floats(new float[3], 2));
  }

  @Test
  void makesHalvesLonger() {
    Value half = builder.weight("half");
    assertEquals("Cast", graph().getNode(0).getOpType());
    assertEquals("half[2, 3]", graph().getNode(0).getInput(0));
    assertEquals(half.name(), graph().getNode(0).getOutput(0));
    assertEquals(TensorProto.DataType.FLOAT16.getNumber(), graph().getInitializer(0).getDataType());
  }

  @Test
  void ortOperatorsAreForTheirDialect() {
    assertThrows(IllegalStateException.class, () -> builder.ortNode("QuickGelu", List.of()));
  }

  @Test
  void keepsEqualConstantsOnce() {
    assertEquals(builder.scalar(1), builder.scalar(1));
    builder.floats(new float[] {1}, 1);
    builder.integers(1);
    List<TensorProto> constants = graph().getInitializerList();
    assertEquals(3, constants.size(), "a scalar, a vector and an integer");
    assertEquals(0, constants.get(0).getDimsCount());
    assertEquals(
        1f,
        constants
            .get(0)
            .getRawData()
            .asReadOnlyByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN)
            .getFloat());
  }

  @Test
  void namesNodesAfterTheirScope() {
    OnnxOps ops = new OnnxOps(builder);
    Value x = builder.input("x", DataType.FLOAT32, "batch", 4);
    Value sum = builder.within("a", () -> builder.within("b", () -> ops.add(x, x)));
    List<Value> halves = ops.split(sum, 2, -1);
    builder.output(halves.get(1), "y", DataType.FLOAT32, "batch", 2);
    assertEquals("a/b/Add_0", sum.name());
    assertEquals(List.of("/Split_1:0", "/Split_1:1"), halves.stream().map(Value::name).toList());
    assertEquals("y", graph().getNode(2).getOutput(0));
  }

  @Test
  void anOutputInUseIsTheNodeItself() {
    OnnxOps ops = new OnnxOps(builder);
    Value x = builder.input("x", DataType.FLOAT32, 1);
    Value y = builder.outputInUse(ops.add(x, x), "y", DataType.FLOAT32, 1);
    builder.output(ops.add(y, x), "z", DataType.FLOAT32, 1);
    assertEquals("y", graph().getNode(0).getOutput(0));
    assertEquals("y", graph().getNode(1).getInput(0));
    assertEquals(2, graph().getOutputCount());
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> builder.outputInUse(y, "again", DataType.FLOAT32, 1));
    assertEquals("the latest node gives [z] and not y", e.getMessage());
  }

  @Test
  void leavesAScopeAfterAFailure() {
    assertThrows(
        IllegalStateException.class,
        () ->
            builder.within(
                "a",
                () -> {
                  throw new IllegalStateException();
                }));
    Value x = builder.input("x", DataType.FLOAT32, 1);
    assertEquals("/Add_0", new OnnxOps(builder).add(x, x).name());
  }

  @Test
  void declaresWhatEveryEngineTakes() {
    ModelProto model = builder.build();
    assertEquals(10, model.getIrVersion());
    assertEquals(1, model.getOpsetImportCount());
    assertEquals(21, model.getOpsetImport(0).getVersion());
    assertTrue(model.getOpsetImport(0).getDomain().isEmpty());
  }

  private GraphProto graph() {
    return builder.build().getGraph();
  }

  private static List<String> names(List<TensorProto> tensors) {
    return tensors.stream().map(TensorProto::getName).toList();
  }
}
