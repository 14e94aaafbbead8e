package dev.showo2.backend.tensorrt.internal.nvinfer;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * The calls of TensorRT's runtime that this backend makes. Objects are addresses; 0 is an object
 * that could not be made, and {@code false} a call that failed: {@link #messages} says why.
 *
 * <p>None of them is made before a builder could be: without a driver TensorRT returns a runtime
 * that ends the process when it is used.
 */
interface RuntimeCalls {

  /** What TensorRT has reported since the last call of this method; empty for nothing. */
  String messages();

  /** The version of the library, such as 10.15.1. */
  String libraryVersion();

  long createRuntime();

  /**
   * Makes an engine of a plan.
   *
   * @param plan direct; its bytes are not needed afterwards
   */
  long deserialize(long runtime, List<ByteBuffer> plan);

  long streamableWeightBytes(long engine);

  boolean setWeightBudget(long engine, long bytes);

  /** All weights, on the GPU or not. */
  long weightBytes(long engine);

  /** Bytes that a context needs for the largest shapes of any profile. */
  long scratchBytes(long engine);

  int profiles(long engine);

  List<IoTensor> tensors(long engine);

  /** Makes a context for profile 0 that has no device memory. */
  long createContext(long engine);

  void setScratch(long context, long address, long bytes);

  boolean setProfile(long context, int profile, long stream);

  boolean setShape(long context, String input, long[] dimensions);

  /** Says where a tensor is stored: in device memory, or in host memory for some inputs. */
  boolean setAddress(long context, String tensor, long address);

  /**
   * Says that an input is in host memory.
   *
   * @param values direct, aligned to 256 bytes
   */
  boolean setHostAddress(long context, String input, ByteBuffer values);

  boolean allInputsSpecified(long context);

  /** The shape of an output for those of the inputs; -1 for a dimension that is not known. */
  long[] shape(long context, String tensor);

  boolean enqueue(long context, long stream);

  long createRefitter(long engine);

  long createParserRefitter(long refitter);

  /** Reads the new weights; they are needed until {@link #refit}. */
  boolean readWeights(long parserRefitter, Path graph);

  boolean refit(long refitter);

  void destroy(long object);

  /** Frees a parser of new weights, which is none of the objects that {@link #destroy} frees. */
  void destroyParserRefitter(long parserRefitter);

  /**
   * An input or output of an engine.
   *
   * @param host whether it is read from host memory, since shapes are computed from it
   * @param bits of one element
   * @param dimensions -1 for those that a call chooses
   */
  record IoTensor(String name, boolean input, boolean host, int bits, long[] dimensions) {}
}
