package dev.showo2.export.internal.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/**
 * Collects the nodes of one ONNX graph. Weights are referenced where they are stored in the
 * bundle's weight files; only small constants become part of the graph itself.
 *
 * <p>Nodes are named after the scope they are made in, so that a message of an engine leads back to
 * the line that wrote the node. Not thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class GraphBuilder {

  /** The newest that ONNX 1.17's checker, ONNX Runtime and TensorRT's parser all take. */
  private static final int OPSET = 21;

  private static final int IR_VERSION = 10;

  /** Of ONNX Runtime's own operators. */
  private static final String ORT_DOMAIN = "com.microsoft";

  private final GraphProto.Builder graph;

  /** Takes nodes: the graph, or the branch of it that is being built. */
  private GraphProto.Builder current;

  private final WeightLocations weights;
  private final Dialect dialect;
  private final Map<String, Value> references = new HashMap<>();
  private final Map<Constant, Value> constants = new HashMap<>();
  private final List<String> scopes = new ArrayList<>();
  private int nodeCount;
  private int constantCount;
  private boolean usesOrtOperators;

  public GraphBuilder(String name, WeightLocations weights, Dialect dialect) {
    this.graph = GraphProto.newBuilder().setName(name);
    this.current = graph;
    this.weights = weights;
    this.dialect = dialect;
  }

  /** In which the graph is written. */
  public Dialect dialect() {
    return dialect;
  }

  private record Constant(DataType type, Shape shape, ByteString bytes) {}

  /** Builds a part of the graph; the names of its nodes start with {@code scope}. */
  public Value within(String scope, Supplier<Value> part) {
    scopes.add(scope);
    try {
      return part.get();
    } finally {
      scopes.remove(scopes.size() - 1);
    }
  }

  /**
   * Declares an input.
   *
   * @param dimensions fixed sizes as numbers, free ones as names
   */
  public Value input(String name, DataType type, Object... dimensions) {
    graph.addInput(valueInfo(name, type, dimensions));
    return new Value(name);
  }

  /** Gives a value the name of an output. */
  public void output(Value value, String name, DataType type, Object... dimensions) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Identity")
            .setName("output/" + name)
            .addInput(value.name())
            .addOutput(name));
    graph.addOutput(valueInfo(name, type, dimensions));
  }

  /**
   * Makes a value of the latest node an output that the graph goes on working with. Such an output
   * is no copy, as the one of {@link #output} is.
   *
   * @return the value under its new name; the old one is gone
   */
  public Value outputInUse(Value latest, String name, DataType type, Object... dimensions) {
    NodeProto.Builder node = graph.getNodeBuilder(graph.getNodeCount() - 1);
    int index = node.getOutputList().indexOf(latest.name());
    if (index < 0) {
      throw new IllegalArgumentException(
          "the latest node gives " + node.getOutputList() + " and not " + latest.name());
    }
    node.setOutput(index, name);
    graph.addOutput(valueInfo(name, type, dimensions));
    return new Value(name);
  }

  private static ValueInfoProto valueInfo(String name, DataType type, Object... dimensions) {
    ValueInfoProto.Builder info = ValueInfoProto.newBuilder().setName(name);
    var tensor = info.getTypeBuilder().getTensorTypeBuilder().setElemType(type.onnx());
    var shape = tensor.getShapeBuilder();
    for (Object dimension : dimensions) {
      if (dimension instanceof String parameter) {
        shape.addDimBuilder().setDimParam(parameter);
      } else {
        shape.addDimBuilder().setDimValue(((Number) dimension).longValue());
      }
    }
    return info.build();
  }

  /** Whether the bundle has a weight under a key. */
  public boolean hasWeight(String key) {
    return weights.find(key).isPresent();
  }

  /** The shape that a weight has in its file. */
  public long[] weightShape(String key) {
    return weights.locate(key).shape().toArray();
  }

  /** The type that a weight has in its file. */
  public ElementType weightType(String key) {
    return weights.locate(key).type();
  }

  /** A weight of 32-bit floats, or of 16-bit ones made longer, under the shape in its file. */
  public Value weight(String key) {
    return weight(key, weightShape(key));
  }

  /**
   * As {@link #weight(String)}, under another shape of as many elements: the bytes are the same.
   */
  public Value weight(String key, long... shape) {
    DataType type = DataType.of(weightType(key));
    Value stored = stored(key, type, shape);
    return switch (type) {
      case FLOAT32 -> stored;
      case FLOAT16, BFLOAT16 ->
          node("Cast", List.of(stored), OnnxAttribute.of("to", (long) DataType.FLOAT32.onnx()));
      default -> throw new IllegalArgumentException(key + " is no float but " + type);
    };
  }

  /** A weight as it is in its file. */
  public Value stored(String key) {
    return stored(key, DataType.of(weightType(key)), weightShape(key));
  }

  /** The bytes of a weight as a tensor of another type or shape that takes as many. */
  public Value stored(String key, DataType type, long... shape) {
    WeightLocation location = weights.locate(key);
    if (type.byteLength(Shape.of(shape).elementCount()) != location.byteLength()) {
      throw new IllegalArgumentException(
          key + " " + location.shape() + " cannot be seen as " + type + Arrays.toString(shape));
    }
    return references.computeIfAbsent(
        key + (type == DataType.of(location.type()) ? "" : type) + Arrays.toString(shape),
        name -> {
          TensorProto.Builder tensor =
              TensorProto.newBuilder()
                  .setName(name)
                  .setDataType(type.onnx())
                  .setDataLocation(TensorProto.DataLocation.EXTERNAL);
          for (long dimension : shape) {
            tensor.addDims(dimension);
          }
          tensor.addExternalDataBuilder().setKey("location").setValue(location.file());
          tensor.addExternalDataBuilder().setKey("offset").setValue("" + location.offset());
          tensor.addExternalDataBuilder().setKey("length").setValue("" + location.byteLength());
          graph.addInitializer(tensor);
          return new Value(name);
        });
  }

  /** A small constant of 32-bit floats. */
  public Value floats(float[] values, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return constant(DataType.FLOAT32, bytes, shape);
  }

  /** A scalar. */
  public Value scalar(float value) {
    return floats(new float[] {value});
  }

  /** A one-dimensional constant of 64-bit integers: axes, shapes, indices. */
  public Value integers(long... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return constant(DataType.INT64, bytes, values.length);
  }

  /** A scalar of a 64-bit integer. */
  public Value integer(long value) {
    return constant(
        DataType.INT64,
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value));
  }

  /** A scalar of an 8-bit unsigned integer. */
  public Value unsignedByte(int value) {
    return constant(DataType.UINT8, ByteBuffer.allocate(1).put(0, (byte) value));
  }

  /** A scalar of an 8-bit signed integer that, unlike other constants, no other node shares. */
  public Value ownSignedByte(int value) {
    return addConstant(DataType.INT8, ByteString.copyFrom(new byte[] {(byte) value}));
  }

  private Value constant(DataType type, ByteBuffer bytes, long... shape) {
    if (bytes.capacity() != type.byteLength(Shape.of(shape).elementCount())) {
      throw new IllegalArgumentException(
          bytes.capacity() + " bytes are no " + type + " of shape " + Arrays.toString(shape));
    }
    ByteString raw = ByteString.copyFrom(bytes);
    Constant key = new Constant(type, Shape.of(shape), raw);
    Value known = constants.get(key);
    if (known != null) {
      return known;
    }
    Value value = addConstant(type, raw, shape);
    constants.put(key, value);
    return value;
  }

  private Value addConstant(DataType type, ByteString raw, long... shape) {
    Value value = new Value("constant_" + constantCount++);
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(value.name()).setDataType(type.onnx()).setRawData(raw);
    for (long dimension : shape) {
      tensor.addDims(dimension);
    }
    graph.addInitializer(tensor);
    return value;
  }

  /** Adds a node with one output. */
  public Value node(String operator, List<Value> inputs, OnnxAttribute... attributes) {
    return nodes(operator, 1, inputs, attributes).get(0);
  }

  /** Adds a node of an operator that only ONNX Runtime has, with one output. */
  public Value ortNode(String operator, List<Value> inputs, OnnxAttribute... attributes) {
    return ortNodes(operator, 1, inputs, attributes).get(0);
  }

  /** As {@link #ortNode}, with several outputs. */
  public List<Value> ortNodes(
      String operator, int outputs, List<Value> inputs, OnnxAttribute... attributes) {
    if (dialect != Dialect.ORT) {
      throw new IllegalStateException(operator + " is no operator of the dialect " + dialect.id());
    }
    usesOrtOperators = true;
    return nodes(ORT_DOMAIN, operator, outputs, inputs, attributes);
  }

  /**
   * One of two values of 32-bit floats, of which only that of the chosen branch is computed. A
   * branch uses what was computed before it; what it computes itself is not known outside of it.
   *
   * @param condition a single truth value
   * @param dimensions of either value, as in {@link #input}
   */
  public Value choose(
      Value condition, Supplier<Value> then, Supplier<Value> otherwise, Object... dimensions) {
    return choose(
            condition,
            () -> List.of(then.get()),
            () -> List.of(otherwise.get()),
            List.<Object[]>of(dimensions))
        .get(0);
  }

  /**
   * As {@link #choose(Value, Supplier, Supplier, Object...)}, of as many values as there are lists
   * of dimensions.
   */
  public List<Value> choose(
      Value condition,
      Supplier<List<Value>> then,
      Supplier<List<Value>> otherwise,
      List<Object[]> dimensions) {
    return nodes(
        "If",
        dimensions.size(),
        List.of(condition),
        OnnxAttribute.of("then_branch", branch("then", then, dimensions)),
        OnnxAttribute.of("else_branch", branch("else", otherwise, dimensions)));
  }

  private GraphProto branch(String name, Supplier<List<Value>> part, List<Object[]> dimensions) {
    GraphProto.Builder outer = current;
    GraphProto.Builder branch = GraphProto.newBuilder().setName(name);
    current = branch;
    scopes.add(name);
    try {
      List<Value> values = part.get();
      for (int i = 0; i < dimensions.size(); i++) {
        branch.addOutput(valueInfo(values.get(i).name(), DataType.FLOAT32, dimensions.get(i)));
      }
      return branch.build();
    } finally {
      scopes.remove(scopes.size() - 1);
      current = outer;
    }
  }

  /** Adds a node with several outputs. */
  public List<Value> nodes(
      String operator, int outputs, List<Value> inputs, OnnxAttribute... attributes) {
    return nodes("", operator, outputs, inputs, attributes);
  }

  private List<Value> nodes(
      String domain,
      String operator,
      int outputs,
      List<Value> inputs,
      OnnxAttribute... attributes) {
    String name = String.join("/", scopes) + "/" + operator + "_" + nodeCount++;
    NodeProto.Builder node =
        NodeProto.newBuilder().setDomain(domain).setOpType(operator).setName(name);
    inputs.forEach(input -> node.addInput(input.name()));
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      Value result = new Value(outputs == 1 ? name : name + ":" + i);
      node.addOutput(result.name());
      results.add(result);
    }
    for (OnnxAttribute attribute : attributes) {
      node.addAttribute(attribute.proto());
    }
    current.addNode(node);
    return results;
  }

  /** The finished model. */
  public ModelProto build() {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("showo2-model-export")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
            .setGraph(graph);
    if (usesOrtOperators) {
      model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(ORT_DOMAIN).setVersion(1));
    }
    return model.build();
  }
}
