package dev.showo2.backend.tensorrt.internal.nvinfer;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorrt.global.nvinfer;
import org.bytedeco.tensorrt.global.nvonnxparser;
import org.bytedeco.tensorrt.nvinfer.Dims64;
import org.bytedeco.tensorrt.nvinfer.ICudaEngine;
import org.bytedeco.tensorrt.nvinfer.IExecutionContext;
import org.bytedeco.tensorrt.nvinfer.IRefitter;
import org.bytedeco.tensorrt.nvinfer.IRuntime;
import org.bytedeco.tensorrt.nvonnxparser.IParserRefitter;

/** The calls of TensorRT's runtime as JavaCPP makes them. */
final class JavacppRuntime implements RuntimeCalls {

  /** The deleting destructor of a parser of new weights, in TensorRT 10 and 11. */
  private static final int PARSER_REFITTER_DESTRUCTOR = 6;

  @Override
  public String messages() {
    return NvinferLog.INSTANCE.take();
  }

  @Override
  public String libraryVersion() {
    return nvinfer.getInferLibMajorVersion()
        + "."
        + nvinfer.getInferLibMinorVersion()
        + "."
        + nvinfer.getInferLibPatchVersion()
        + "."
        + nvinfer.getInferLibBuildVersion();
  }

  @Override
  public long createRuntime() {
    return JavacppBuilder.address(nvinfer.createInferRuntime(NvinferLog.INSTANCE));
  }

  @Override
  public long deserialize(long runtime, List<ByteBuffer> plan) {
    if (plan.size() == 1) {
      ByteBuffer only = plan.get(0);
      return deserialize(runtime, NativeMemory.of(only), only.remaining());
    }
    long bytes = plan.stream().mapToLong(ByteBuffer::remaining).sum();
    // Not a pointer that owns its memory: JavaCPP compares those with limits made from the heap's.
    Pointer whole = Pointer.malloc(bytes);
    if (whole == null || whole.isNull()) {
      throw new OutOfMemoryError("no memory for a plan of " + bytes + " bytes");
    }
    try {
      long offset = 0;
      for (ByteBuffer part : plan) {
        NativeMemory.view(whole.address() + offset, part.remaining()).put(part.duplicate());
        offset += part.remaining();
      }
      return deserialize(runtime, whole, bytes);
    } finally {
      Pointer.free(whole);
    }
  }

  private static long deserialize(long runtime, Pointer plan, long bytes) {
    return JavacppBuilder.address(
        new IRuntime(NativeMemory.at(runtime)).deserializeCudaEngine(plan, bytes));
  }

  @Override
  public long streamableWeightBytes(long engine) {
    return engine(engine).getStreamableWeightsSize();
  }

  @Override
  public boolean setWeightBudget(long engine, long bytes) {
    return engine(engine).setWeightStreamingBudgetV2(bytes);
  }

  @Override
  public long weightBytes(long engine) {
    return engine(engine).getEngineStat(nvinfer.EngineStat.kTOTAL_WEIGHTS_SIZE);
  }

  @Override
  public long scratchBytes(long engine) {
    return engine(engine).getDeviceMemorySizeV2();
  }

  @Override
  public int profiles(long engine) {
    return engine(engine).getNbOptimizationProfiles();
  }

  @Override
  public List<IoTensor> tensors(long engine) {
    ICudaEngine of = engine(engine);
    List<IoTensor> tensors = new ArrayList<>();
    for (int i = 0; i < of.getNbIOTensors(); i++) {
      String name = of.getIOTensorName(i);
      tensors.add(
          new IoTensor(
              name,
              of.getTensorIOMode(name).value == nvinfer.TensorIOMode.kINPUT.value,
              of.getTensorLocation(name).value == nvinfer.TensorLocation.kHOST.value,
              bits(of.getTensorDataType(name).intern()),
              array(of.getTensorShape(name))));
    }
    return tensors;
  }

  private static int bits(nvinfer.DataType type) {
    return switch (type) {
      case kINT64 -> 64;
      case kFLOAT, kINT32 -> 32;
      case kHALF, kBF16 -> 16;
      case kINT4, kFP4 -> 4;
      default -> 8;
    };
  }

  private static long[] array(Dims64 dims) {
    // A negative rank stands for a shape that is not known.
    long[] dimensions = new long[Math.max(0, dims.nbDims())];
    for (int axis = 0; axis < dimensions.length; axis++) {
      dimensions[axis] = dims.d(axis);
    }
    return dimensions;
  }

  @Override
  public long createContext(long engine) {
    return JavacppBuilder.address(
        engine(engine)
            .createExecutionContext(nvinfer.ExecutionContextAllocationStrategy.kUSER_MANAGED));
  }

  @Override
  public void setScratch(long context, long address, long bytes) {
    context(context).setDeviceMemoryV2(NativeMemory.at(address), bytes);
  }

  @Override
  public boolean setProfile(long context, int profile, long stream) {
    return context(context).setOptimizationProfileAsync(profile, JavacppCuda.stream(stream));
  }

  @Override
  public boolean setShape(long context, String input, long[] dimensions) {
    return context(context).setInputShape(input, JavacppBuilder.dims(dimensions));
  }

  @Override
  public boolean setAddress(long context, String tensor, long address) {
    return context(context).setTensorAddress(tensor, NativeMemory.at(address));
  }

  @Override
  public boolean setHostAddress(long context, String input, ByteBuffer values) {
    return context(context).setTensorAddress(input, NativeMemory.of(values));
  }

  @Override
  public boolean allInputsSpecified(long context) {
    return context(context).allInputDimensionsSpecified();
  }

  @Override
  public long[] shape(long context, String tensor) {
    return array(context(context).getTensorShape(tensor));
  }

  @Override
  public boolean enqueue(long context, long stream) {
    return context(context).enqueueV3(JavacppCuda.stream(stream));
  }

  @Override
  public long createRefitter(long engine) {
    return JavacppBuilder.address(nvinfer.createInferRefitter(engine(engine), NvinferLog.INSTANCE));
  }

  @Override
  public long createParserRefitter(long refitter) {
    return JavacppBuilder.address(
        nvonnxparser.createParserRefitter(
            new IRefitter(NativeMemory.at(refitter)), NvinferLog.INSTANCE));
  }

  @Override
  public boolean readWeights(long parserRefitter, Path graph) {
    return new IParserRefitter(NativeMemory.at(parserRefitter))
        .refitFromFile(NativeMemory.text(graph.toAbsolutePath().toString()));
  }

  @Override
  public boolean refit(long refitter) {
    return new IRefitter(NativeMemory.at(refitter)).refitCudaEngine();
  }

  @Override
  public void destroy(long object) {
    VirtualDestructor.delete(object, VirtualDestructor.FIRST);
  }

  @Override
  public void destroyParserRefitter(long parserRefitter) {
    int major = nvinfer.getInferLibMajorVersion();
    if (major == 10 || major == 11) {
      VirtualDestructor.delete(parserRefitter, PARSER_REFITTER_DESTRUCTOR);
    }
  }

  private static ICudaEngine engine(long address) {
    return new ICudaEngine(NativeMemory.at(address));
  }

  private static IExecutionContext context(long address) {
    return new IExecutionContext(NativeMemory.at(address));
  }
}
