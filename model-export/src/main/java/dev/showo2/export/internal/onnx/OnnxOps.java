package dev.showo2.export.internal.onnx;

import java.util.List;
import org.apiguardian.api.API;

/**
 * The operators that the graphs are written in, each under the name a reader of the paper expects.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class OnnxOps {

  private final GraphBuilder graph;

  public OnnxOps(GraphBuilder graph) {
    this.graph = graph;
  }

  public Value add(Value a, Value b) {
    return graph.node("Add", List.of(a, b));
  }

  public Value subtract(Value a, Value b) {
    return graph.node("Sub", List.of(a, b));
  }

  public Value multiply(Value a, Value b) {
    return graph.node("Mul", List.of(a, b));
  }

  public Value divide(Value a, Value b) {
    return graph.node("Div", List.of(a, b));
  }

  public Value maximum(Value a, Value b) {
    return graph.node("Max", List.of(a, b));
  }

  public Value squareRoot(Value x) {
    return graph.node("Sqrt", List.of(x));
  }

  public Value cosine(Value x) {
    return graph.node("Cos", List.of(x));
  }

  public Value sine(Value x) {
    return graph.node("Sin", List.of(x));
  }

  public Value matrixProduct(Value a, Value b) {
    return graph.node("MatMul", List.of(a, b));
  }

  /** x [N, in] · Wᵀ + b, with W [out, in] as torch stores it. */
  public Value gemm(Value x, Value weight, Value bias) {
    return graph.node("Gemm", List.of(x, weight, bias), OnnxAttribute.of("transB", 1));
  }

  /** x [N, in] · Wᵀ, with W [out, in] as torch stores it. */
  public Value gemm(Value x, Value weight) {
    return graph.node("Gemm", List.of(x, weight), OnnxAttribute.of("transB", 1));
  }

  public Value softmax(Value x) {
    return graph.node("Softmax", List.of(x), OnnxAttribute.of("axis", -1));
  }

  /**
   * Scaled dot-product attention in which every query sees all keys, as one node of ONNX Runtime
   * that never holds the scores of all queries: its kernel for CPUs does so without mask, bias and
   * cache alone.
   *
   * @param queries [B, S, heads·size]
   * @param keys [B, T, heads·size]
   * @param values [B, T, heads·size]
   * @return [B, S, heads·size]
   */
  public Value flashAttention(Value queries, Value keys, Value values, int heads) {
    return graph.ortNode(
        "MultiHeadAttention", List.of(queries, keys, values), OnnxAttribute.of("num_heads", heads));
  }

  /** Whether a is less than b, element by element. */
  public Value less(Value a, Value b) {
    return graph.node("Less", List.of(a, b));
  }

  /** The number of elements, a scalar. */
  public Value elementCount(Value x) {
    return graph.node("Size", List.of(x));
  }

  /** x · sigmoid(x). */
  public Value silu(Value x) {
    return multiply(x, graph.node("Sigmoid", List.of(x)));
  }

  /** GELU by the error function. */
  public Value gelu(Value x) {
    return graph.node("Gelu", List.of(x));
  }

  /** GELU by the hyperbolic tangent. */
  public Value geluTanh(Value x) {
    return graph.node("Gelu", List.of(x), OnnxAttribute.of("approximate", "tanh"));
  }

  public Value layerNorm(Value x, Value weight, Value bias, double epsilon) {
    return graph.node(
        "LayerNormalization",
        List.of(x, weight, bias),
        OnnxAttribute.of("axis", -1),
        OnnxAttribute.of("epsilon", (float) epsilon));
  }

  public Value mean(Value x, long axis) {
    return graph.node("ReduceMean", List.of(x, graph.integers(axis)));
  }

  public Value sum(Value x, long axis) {
    return graph.node("ReduceSum", List.of(x, graph.integers(axis)));
  }

  /** Element by element, of values that are broadcast. */
  public Value sum(List<Value> parts) {
    return graph.node("Sum", parts);
  }

  /** Length of the vectors along an axis, which stays with size 1. */
  public Value euclideanNorm(Value x, long axis) {
    return graph.node("ReduceL2", List.of(x, graph.integers(axis)));
  }

  public Value transpose(Value x, long... order) {
    return graph.node("Transpose", List.of(x), OnnxAttribute.of("perm", order));
  }

  /** To a fixed shape; 0 keeps the axis, -1 takes the rest. */
  public Value reshape(Value x, long... shape) {
    return reshape(x, graph.integers(shape));
  }

  public Value reshape(Value x, Value shape) {
    return graph.node("Reshape", List.of(x, shape));
  }

  /** The sizes of the axes from {@code start} to before {@code end}, as a vector. */
  public Value shape(Value x, int start, int end) {
    return graph.node(
        "Shape", List.of(x), OnnxAttribute.of("start", start), OnnxAttribute.of("end", end));
  }

  public Value concat(long axis, Value... parts) {
    return graph.node("Concat", List.of(parts), OnnxAttribute.of("axis", axis));
  }

  /** Equal parts along an axis. */
  public List<Value> split(Value x, int parts, long axis) {
    return graph.nodes(
        "Split",
        parts,
        List.of(x),
        OnnxAttribute.of("axis", axis),
        OnnxAttribute.of("num_outputs", parts));
  }

  /** From index {@code start} of an axis to its end. */
  public Value dropFirst(Value x, long start, long axis) {
    return graph.node(
        "Slice",
        List.of(x, graph.integers(start), graph.integers(Long.MAX_VALUE), graph.integers(axis)));
  }

  /** Every {@code step}-th index of an axis, from {@code start} to before {@code end}. */
  public Value slice(Value x, long axis, long start, long end, long step) {
    return graph.node(
        "Slice",
        List.of(
            x,
            graph.integers(start),
            graph.integers(end),
            graph.integers(axis),
            graph.integers(step)));
  }

  /** Zeros of the same shape. */
  public Value zerosLike(Value x) {
    return graph.node("ConstantOfShape", List.of(graph.node("Shape", List.of(x))));
  }

  public Value unsqueeze(Value x, long axis) {
    return graph.node("Unsqueeze", List.of(x, graph.integers(axis)));
  }

  public Value squeeze(Value x, long axis) {
    return graph.node("Squeeze", List.of(x, graph.integers(axis)));
  }

  public Value gather(Value x, Value indices, long axis) {
    return graph.node("Gather", List.of(x, indices), OnnxAttribute.of("axis", axis));
  }

  public Value toFloat(Value x) {
    return cast(x, DataType.FLOAT32);
  }

  public Value cast(Value x, DataType type) {
    return graph.node("Cast", List.of(x), OnnxAttribute.of("to", (long) type.onnx()));
  }

  /** To the next integer; a tie goes to the even one. */
  public Value round(Value x) {
    return graph.node("Round", List.of(x));
  }

  public Value absolute(Value x) {
    return graph.node("Abs", List.of(x));
  }

  /** {@code a} where the condition holds, else {@code b}. */
  public Value where(Value condition, Value a, Value b) {
    return graph.node("Where", List.of(condition, a, b));
  }

  /**
   * Two-dimensional convolution; pads are top, left, bottom, right.
   *
   * @param kernel width and height, which the weight has too: TensorRT's parser asks for them where
   *     the weight is computed, as those of 16 bits are
   */
  public Value convolution(
      Value x, Value weight, Value bias, int kernel, int stride, long... pads) {
    return graph.node(
        "Conv",
        List.of(x, weight, bias),
        OnnxAttribute.of("kernel_shape", kernel, kernel),
        OnnxAttribute.of("strides", stride, stride),
        OnnxAttribute.of("pads", pads));
  }

  /** Every pixel twice as wide and high. */
  public Value doubleNearest(Value x) {
    return graph.node(
        "Resize",
        List.of(x, new Value(""), graph.floats(new float[] {1, 1, 2, 2}, 4)),
        OnnxAttribute.of("mode", "nearest"),
        OnnxAttribute.of("coordinate_transformation_mode", "asymmetric"),
        OnnxAttribute.of("nearest_mode", "floor"));
  }

  /** Bicubic as torch's interpolate computes it without aligned corners: a = -0.75. */
  public Value resizeBicubic(Value x, Value sizes) {
    return graph.node(
        "Resize",
        List.of(x, new Value(""), new Value(""), sizes),
        OnnxAttribute.of("mode", "cubic"),
        OnnxAttribute.of("cubic_coeff_a", -0.75f),
        OnnxAttribute.of("coordinate_transformation_mode", "half_pixel"));
  }

  /** Bilinear as torch's interpolate computes it without aligned corners. */
  public Value resizeBilinear(Value x, Value sizes) {
    return graph.node(
        "Resize",
        List.of(x, new Value(""), new Value(""), sizes),
        OnnxAttribute.of("mode", "linear"),
        OnnxAttribute.of("coordinate_transformation_mode", "half_pixel"));
  }
}
