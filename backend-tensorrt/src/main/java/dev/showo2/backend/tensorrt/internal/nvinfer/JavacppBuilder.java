package dev.showo2.backend.tensorrt.internal.nvinfer;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorrt.global.nvinfer;
import org.bytedeco.tensorrt.global.nvonnxparser;
import org.bytedeco.tensorrt.nvinfer.Dims64;
import org.bytedeco.tensorrt.nvinfer.IBuilder;
import org.bytedeco.tensorrt.nvinfer.IBuilderConfig;
import org.bytedeco.tensorrt.nvinfer.IHostMemory;
import org.bytedeco.tensorrt.nvinfer.INetworkDefinition;
import org.bytedeco.tensorrt.nvinfer.IOptimizationProfile;
import org.bytedeco.tensorrt.nvinfer.ITensor;
import org.bytedeco.tensorrt.nvinfer.ITimingCache;
import org.bytedeco.tensorrt.nvonnxparser.IParser;
import org.bytedeco.tensorrt.nvonnxparser.IParserError;

/** The calls of TensorRT's builder as JavaCPP makes them. The first one loads the libraries. */
final class JavacppBuilder implements BuilderCalls {

  /** Errors that are listed; one missing operator can appear in every layer. */
  private static final int LISTED_FAULTS = 20;

  @Override
  public String messages() {
    return NvinferLog.INSTANCE.take();
  }

  @Override
  public int parserVersion() {
    return nvonnxparser.getNvOnnxParserVersion();
  }

  @Override
  public long createBuilder() {
    return address(nvinfer.createInferBuilder(NvinferLog.INSTANCE));
  }

  /** The address of an object; 0 for null, as which JavaCPP returns null pointers. */
  static long address(Pointer object) {
    return object == null ? 0 : object.address();
  }

  @Override
  public long createNetwork(long builder) {
    return address(builder(builder).createNetworkV2(stronglyTyped()));
  }

  /**
   * The flag of strongly typed networks, by its name: its number differs between TensorRT 10 and
   * 11, which has no other networks, ignores the flag and may drop it.
   */
  private static int stronglyTyped() {
    int flags = 0;
    for (var flag : nvinfer.NetworkDefinitionCreationFlag.values()) {
      if (flag.name().equals("kSTRONGLY_TYPED")) {
        flags |= 1 << flag.value;
      }
    }
    return flags;
  }

  @Override
  public long createParser(long network) {
    return address(nvonnxparser.createParser(network(network), NvinferLog.INSTANCE));
  }

  @Override
  public boolean parse(long parser, ByteBuffer model, Path graph) {
    return parser(parser)
        .parse(
            NativeMemory.of(model),
            model.remaining(),
            NativeMemory.text(graph.toAbsolutePath().toString()));
  }

  @Override
  public List<ParserFault> faults(long parser) {
    IParser from = parser(parser);
    int count = from.getNbErrors();
    List<ParserFault> faults = new ArrayList<>();
    for (int i = 0; i < Math.min(count, LISTED_FAULTS); i++) {
      IParserError error = from.getError(i);
      String code = error.code().intern().name();
      faults.add(
          new ParserFault(
              "node "
                  + error.nodeName()
                  + " ("
                  + error.nodeOperator()
                  + "): "
                  + error.desc()
                  + " ["
                  + code
                  + "]",
              code.startsWith("kUNSUPPORTED")));
    }
    if (count > LISTED_FAULTS) {
      faults.add(new ParserFault((count - LISTED_FAULTS) + " more", false));
    }
    return faults;
  }

  @Override
  public List<String> inputs(long network) {
    INetworkDefinition of = network(network);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < of.getNbInputs(); i++) {
      names.add(of.getInput(i).getName());
    }
    return names;
  }

  @Override
  public List<String> outputs(long network) {
    INetworkDefinition of = network(network);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < of.getNbOutputs(); i++) {
      names.add(of.getOutput(i).getName());
    }
    return names;
  }

  @Override
  public void unmarkOutput(long network, int index) {
    INetworkDefinition of = network(network);
    ITensor output = of.getOutput(index);
    of.unmarkOutput(output);
  }

  @Override
  public long createProfile(long builder) {
    return address(builder(builder).createOptimizationProfile());
  }

  @Override
  public boolean setDimensions(long profile, String input, Bound bound, long[] dimensions) {
    return profile(profile).setDimensions(input, selector(bound), dims(dimensions));
  }

  @Override
  public boolean setValues(long profile, String input, Bound bound, long[] values) {
    return profile(profile).setShapeValuesV2(input, selector(bound), values, values.length);
  }

  private static nvinfer.OptProfileSelector selector(Bound bound) {
    return switch (bound) {
      case LEAST -> nvinfer.OptProfileSelector.kMIN;
      case TYPICAL -> nvinfer.OptProfileSelector.kOPT;
      case MOST -> nvinfer.OptProfileSelector.kMAX;
    };
  }

  /** TensorRT's structure of dimensions, in memory that the JVM frees. */
  static Dims64 dims(long[] dimensions) {
    Dims64 dims = new Dims64(NativeMemory.of(ByteBuffer.allocateDirect(DIMS_BYTES)));
    dims.nbDims(dimensions.length);
    for (int axis = 0; axis < dimensions.length; axis++) {
      dims.d(axis, dimensions[axis]);
    }
    return dims;
  }

  /** A count of 4 bytes, 4 bytes for alignment, and eight dimensions. */
  private static final int DIMS_BYTES = 72;

  @Override
  public boolean isValid(long profile) {
    return profile(profile).isValid();
  }

  @Override
  public long createConfig(long builder) {
    return address(builder(builder).createBuilderConfig());
  }

  @Override
  public int addProfile(long config, long profile) {
    return config(config).addOptimizationProfile(profile(profile));
  }

  @Override
  public void setOptimizationLevel(long config, int level) {
    config(config).setBuilderOptimizationLevel(level);
  }

  @Override
  public void setWorkspace(long config, long bytes) {
    config(config).setMemoryPoolLimit(nvinfer.MemoryPoolType.kWORKSPACE, bytes);
  }

  @Override
  public void requireFullFp32(long config) {
    config(config).clearFlag(nvinfer.BuilderFlag.kTF32);
  }

  @Override
  public void allowRefit(long config) {
    config(config).setFlag(nvinfer.BuilderFlag.kREFIT);
  }

  @Override
  public void allowWeightStreaming(long config) {
    config(config).setFlag(nvinfer.BuilderFlag.kWEIGHT_STREAMING);
  }

  @Override
  public long createTimingCache(long config, ByteBuffer serialized) {
    return address(
        config(config).createTimingCache(NativeMemory.of(serialized), serialized.remaining()));
  }

  @Override
  public boolean setTimingCache(long config, long cache) {
    return config(config).setTimingCache(new ITimingCache(NativeMemory.at(cache)), false);
  }

  @Override
  public long serializeTimingCache(long config) {
    ITimingCache cache = config(config).getTimingCache();
    return cache == null ? 0 : address(cache.serialize());
  }

  @Override
  public long build(long builder, long network, long config) {
    return address(builder(builder).buildSerializedNetwork(network(network), config(config)));
  }

  @Override
  public long size(long hostMemory) {
    return new IHostMemory(NativeMemory.at(hostMemory)).size();
  }

  @Override
  public ByteBuffer bytes(long hostMemory, long offset, int count) {
    Pointer data = new IHostMemory(NativeMemory.at(hostMemory)).data();
    return NativeMemory.view(data.address() + offset, count);
  }

  @Override
  public void destroy(long object) {
    VirtualDestructor.delete(object, VirtualDestructor.FIRST);
  }

  @Override
  public void destroyParser(long parser) {
    // Behind the other virtual functions of an interface that has lost two in TensorRT 11. A parser
    // of another version stays until the process ends.
    switch (nvinfer.getInferLibMajorVersion()) {
      case 10 -> VirtualDestructor.delete(parser, 9);
      case 11 -> VirtualDestructor.delete(parser, 7);
      default -> {}
    }
  }

  private static IBuilder builder(long address) {
    return new IBuilder(NativeMemory.at(address));
  }

  private static INetworkDefinition network(long address) {
    return new INetworkDefinition(NativeMemory.at(address));
  }

  private static IParser parser(long address) {
    return new IParser(NativeMemory.at(address));
  }

  private static IOptimizationProfile profile(long address) {
    return new IOptimizationProfile(NativeMemory.at(address));
  }

  private static IBuilderConfig config(long address) {
    return new IBuilderConfig(NativeMemory.at(address));
  }
}
