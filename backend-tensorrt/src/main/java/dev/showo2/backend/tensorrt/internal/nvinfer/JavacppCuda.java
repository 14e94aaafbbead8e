package dev.showo2.backend.tensorrt.internal.nvinfer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** The calls of CUDA as JavaCPP makes them. The first one loads the libraries. */
final class JavacppCuda implements CudaCalls {

  private static final int NAME_BYTES = 256;

  @Override
  public int deviceCount(int[] count) {
    return cudart.cudaGetDeviceCount(count);
  }

  @Override
  public int setDevice(int index) {
    return cudart.cudaSetDevice(index);
  }

  @Override
  public int driverVersion(int[] version) {
    return cudart.cudaDriverGetVersion(version);
  }

  @Override
  public int runtimeVersion(int[] version) {
    return cudart.cudaRuntimeGetVersion(version);
  }

  @Override
  public int computeCapability(int[] majorMinor, int index) {
    int[] part = new int[1];
    int code = cudart.cudaDeviceGetAttribute(part, cudart.cudaDevAttrComputeCapabilityMajor, index);
    majorMinor[0] = part[0];
    if (code == 0) {
      code = cudart.cudaDeviceGetAttribute(part, cudart.cudaDevAttrComputeCapabilityMinor, index);
      majorMinor[1] = part[0];
    }
    return code;
  }

  @Override
  public int deviceName(String[] name, int index) {
    byte[] text = new byte[NAME_BYTES];
    int code = cudart.cuDeviceGetName(text, text.length, index);
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    name[0] = new String(text, 0, length, StandardCharsets.UTF_8);
    return code;
  }

  @Override
  public String describe(int code) {
    return text(cudart.cudaGetErrorName(code)) + ", " + text(cudart.cudaGetErrorString(code));
  }

  private static String text(BytePointer text) {
    return text == null || text.isNull() ? "unknown" : text.getString();
  }

  @Override
  public void clearError() {
    cudart.cudaGetLastError();
  }

  @Override
  public int createStream(long[] stream) {
    CUstream_st made = new CUstream_st();
    int code = cudart.cudaStreamCreateWithFlags(made, cudart.cudaStreamNonBlocking);
    stream[0] = made.address();
    return code;
  }

  @Override
  public int destroyStream(long stream) {
    return cudart.cudaStreamDestroy(stream(stream));
  }

  @Override
  public int synchronize(long stream) {
    return cudart.cudaStreamSynchronize(stream(stream));
  }

  @Override
  public int allocate(long[] address, long bytes) {
    Pointer made = new Pointer();
    int code = cudart.cudaMalloc(made, bytes);
    address[0] = made.address();
    return code;
  }

  @Override
  public int free(long address) {
    return cudart.cudaFree(NativeMemory.at(address));
  }

  @Override
  public int allocateAsync(long[] address, long bytes, long stream) {
    Pointer made = new Pointer();
    int code = cudart.cudaMallocAsync(made, bytes, stream(stream));
    address[0] = made.address();
    return code;
  }

  @Override
  public int freeAsync(long address, long stream) {
    return cudart.cudaFreeAsync(NativeMemory.at(address), stream(stream));
  }

  @Override
  public int upload(long target, ByteBuffer source, long stream) {
    return cudart.cudaMemcpyAsync(
        NativeMemory.at(target),
        NativeMemory.of(source),
        source.remaining(),
        cudart.cudaMemcpyHostToDevice,
        stream(stream));
  }

  @Override
  public int download(ByteBuffer target, long source, long stream) {
    return cudart.cudaMemcpyAsync(
        NativeMemory.of(target),
        NativeMemory.at(source),
        target.remaining(),
        cudart.cudaMemcpyDeviceToHost,
        stream(stream));
  }

  @Override
  public int copy(long target, long source, long bytes, long stream) {
    return cudart.cudaMemcpyAsync(
        NativeMemory.at(target),
        NativeMemory.at(source),
        bytes,
        cudart.cudaMemcpyDeviceToDevice,
        stream(stream));
  }

  @Override
  public int copyRows(Region target, Region source, long width, long count, long stream) {
    return cudart.cudaMemcpy2DAsync(
        NativeMemory.at(target.address()),
        target.pitch(),
        NativeMemory.at(source.address()),
        source.pitch(),
        width,
        count,
        cudart.cudaMemcpyDeviceToDevice,
        stream(stream));
  }

  @Override
  public int clear(long target, long bytes, long stream) {
    return cudart.cudaMemsetAsync(NativeMemory.at(target), 0, bytes, stream(stream));
  }

  @Override
  public int clearRows(Region target, long width, long count, long stream) {
    return cudart.cudaMemset2DAsync(
        NativeMemory.at(target.address()), target.pitch(), 0, width, count, stream(stream));
  }

  @Override
  public int beginCapture(long stream) {
    return cudart.cudaStreamBeginCapture(stream(stream), cudart.cudaStreamCaptureModeRelaxed);
  }

  @Override
  public int endCapture(long stream, long[] graph) {
    CUgraph_st made = new CUgraph_st();
    int code = cudart.cudaStreamEndCapture(stream(stream), made);
    graph[0] = made.address();
    return code;
  }

  @Override
  public int instantiate(long[] executable, long graph) {
    CUgraphExec_st made = new CUgraphExec_st();
    int code = cudart.cudaGraphInstantiate(made, new CUgraph_st(NativeMemory.at(graph)));
    executable[0] = made.address();
    return code;
  }

  @Override
  public int launch(long executable, long stream) {
    return cudart.cudaGraphLaunch(new CUgraphExec_st(NativeMemory.at(executable)), stream(stream));
  }

  @Override
  public int destroyExecutable(long executable) {
    return cudart.cudaGraphExecDestroy(new CUgraphExec_st(NativeMemory.at(executable)));
  }

  @Override
  public int destroyGraph(long graph) {
    return cudart.cudaGraphDestroy(new CUgraph_st(NativeMemory.at(graph)));
  }

  static CUstream_st stream(long address) {
    return new CUstream_st(NativeMemory.at(address));
  }
}
