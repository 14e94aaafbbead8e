package dev.showo2.backend.tensorrt.internal.nvinfer;

import dev.showo2.backend.tensorrt.internal.device.EngineCall;
import dev.showo2.error.BackendException;
import dev.showo2.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The state of one profile: shapes and addresses. What does not change is not set again, since a
 * shape that is set makes TensorRT prepare its next call anew, which cannot be captured.
 *
 * <p>Everything is checked that TensorRT takes on trust: it reads and writes at the addresses that
 * it is given.
 */
final class EngineContext {

  /** How TensorRT wants the memory of inputs aligned. */
  private static final int ALIGNMENT = 256;

  private final RuntimeCalls calls;
  private final long handle;
  private final Map<String, RuntimeCalls.IoTensor> tensors;
  private final Map<String, Shape> inputShapes = new HashMap<>();
  private final Map<String, Long> addresses = new HashMap<>();
  private final Map<String, ByteBuffer> hostValues = new HashMap<>();
  private Map<String, Shape> outputShapes;

  EngineContext(RuntimeCalls calls, long handle, Map<String, RuntimeCalls.IoTensor> tensors) {
    this.calls = calls;
    this.handle = handle;
    this.tensors = tensors;
  }

  /** Sets the shapes of inputs, and computes those of the outputs. */
  Map<String, Shape> outputShapes(Map<String, Shape> shapes, Map<String, long[]> values) {
    for (RuntimeCalls.IoTensor tensor : tensors.values()) {
      if (tensor.input()) {
        Shape shape =
            tensor.host() ? setValues(tensor, required(values, tensor)) : required(shapes, tensor);
        setShape(tensor, shape);
      }
    }
    if (outputShapes == null) {
      if (!calls.allInputsSpecified(handle)) {
        throw failure("choosing the shapes of an engine's inputs");
      }
      outputShapes = computeOutputShapes();
    }
    return outputShapes;
  }

  private <T> T required(Map<String, T> given, RuntimeCalls.IoTensor tensor) {
    T value = given.get(tensor.name());
    if (value == null) {
      throw new IllegalArgumentException(
          (tensor.host() ? "values" : "device memory")
              + " for the "
              + (tensor.input() ? "input " : "output ")
              + tensor.name()
              + " were expected, found only "
              + given.keySet());
    }
    return value;
  }

  private void setShape(RuntimeCalls.IoTensor tensor, Shape shape) {
    if (shape.equals(inputShapes.get(tensor.name()))) {
      return;
    }
    inputShapes.remove(tensor.name());
    outputShapes = null;
    if (!calls.setShape(handle, tensor.name(), shape.toArray())) {
      throw failure("setting the input " + tensor.name() + " to the shape " + shape);
    }
    inputShapes.put(tensor.name(), shape);
  }

  /**
   * Writes values to where TensorRT reads them when a call is enqueued, and returns their shape.
   */
  private Shape setValues(RuntimeCalls.IoTensor tensor, long[] values) {
    boolean scalar = tensor.dimensions().length == 0;
    if (tensor.dimensions().length > 1 || scalar && values.length != 1 || tensor.bits() < 32) {
      throw new BackendException(
          "values of the input "
              + tensor.name()
              + " in one dimension were expected, found "
              + values.length
              + " for "
              + Arrays.toString(tensor.dimensions()));
    }
    int bytes = Math.multiplyExact(values.length, tensor.bits() / 8);
    ByteBuffer place = hostValues.get(tensor.name());
    ByteBuffer written = encode(values, tensor.bits(), bytes);
    if (place == null || place.capacity() < bytes || !place.slice(0, bytes).equals(written)) {
      outputShapes = null;
      if (place == null || place.capacity() < bytes) {
        place = allocateAligned(bytes);
      }
      place.slice(0, bytes).put(written);
      // Also at the same address, so that shapes which were computed from other values are dropped.
      if (!calls.setHostAddress(handle, tensor.name(), place)) {
        throw failure("setting the values of the input " + tensor.name());
      }
      hostValues.put(tensor.name(), place);
    }
    return scalar ? Shape.of() : Shape.of(values.length);
  }

  private static ByteBuffer encode(long[] values, int bits, int bytes) {
    ByteBuffer encoded = ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    for (long value : values) {
      if (bits == Long.SIZE) {
        encoded.putLong(value);
      } else {
        encoded.putInt(Math.toIntExact(value));
      }
    }
    return encoded.flip();
  }

  private static ByteBuffer allocateAligned(int bytes) {
    int whole = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return ByteBuffer.allocateDirect(whole + ALIGNMENT).alignedSlice(ALIGNMENT).slice(0, whole);
  }

  private Map<String, Shape> computeOutputShapes() {
    Map<String, Shape> computed = new LinkedHashMap<>();
    for (RuntimeCalls.IoTensor tensor : tensors.values()) {
      if (!tensor.input()) {
        long[] dimensions = calls.shape(handle, tensor.name());
        if (Arrays.stream(dimensions).anyMatch(size -> size < 0)) {
          throw new BackendException(
              "a shape that inputs decide was expected of the output "
                  + tensor.name()
                  + ", found "
                  + Arrays.toString(dimensions)
                  + "; "
                  + calls.messages());
        }
        computed.put(tensor.name(), Shape.of(dimensions));
      }
    }
    return Map.copyOf(computed);
  }

  void enqueue(CudaStream stream, EngineCall call) {
    Map<String, Shape> shapes = new HashMap<>();
    call.inputs().forEach((name, binding) -> shapes.put(name, binding.shape()));
    Map<String, Shape> computed = outputShapes(shapes, call.values());
    for (RuntimeCalls.IoTensor tensor : tensors.values()) {
      if (tensor.host() && tensor.input()) {
        continue;
      }
      EngineCall.Binding binding =
          required(tensor.input() ? call.inputs() : call.outputs(), tensor);
      if (tensor.host()) {
        throw new BackendException("the output " + tensor.name() + " is not in device memory");
      }
      Shape shape = tensor.input() ? binding.shape() : computed.get(tensor.name());
      if (!shape.equals(binding.shape())) {
        throw new IllegalArgumentException(
            "the output "
                + tensor.name()
                + " has the shape "
                + shape
                + ", memory was given for "
                + binding.shape());
      }
      setAddress(tensor, stream.own(binding.memory()).address(bytes(tensor, shape)));
    }
    if (!calls.enqueue(handle, stream.handle())) {
      throw failure("running an engine");
    }
  }

  private static long bytes(RuntimeCalls.IoTensor tensor, Shape shape) {
    return (Math.multiplyExact(shape.elementCount(), (long) tensor.bits()) + 7) / 8;
  }

  private void setAddress(RuntimeCalls.IoTensor tensor, long address) {
    if (Long.valueOf(address).equals(addresses.get(tensor.name()))) {
      return;
    }
    addresses.remove(tensor.name());
    if (!calls.setAddress(handle, tensor.name(), address)) {
      throw failure("setting the memory of " + tensor.name());
    }
    addresses.put(tensor.name(), address);
  }

  private RuntimeException failure(String activity) {
    return CudaDevice.failure(activity, calls.messages());
  }
}
