package dev.showo2.backend.tensorrt.internal.nvinfer;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * The calls of TensorRT's builder and of its parser that this backend makes. Objects are addresses;
 * 0 is an object that could not be made, and {@code false} a call that failed: {@link #messages}
 * says why.
 */
interface BuilderCalls {

  /** What TensorRT has reported since the last call of this method; empty for nothing. */
  String messages();

  /** The version of the parser's library, which this call loads. */
  int parserVersion();

  long createBuilder();

  /** Makes a network whose types are those of its graph. */
  long createNetwork(long builder);

  long createParser(long network);

  /**
   * Reads a graph.
   *
   * @param model direct
   * @param graph the file beside which the weights lie
   */
  boolean parse(long parser, ByteBuffer model, Path graph);

  List<ParserFault> faults(long parser);

  List<String> inputs(long network);

  List<String> outputs(long network);

  /** Makes an output an inner tensor. */
  void unmarkOutput(long network, int index);

  /** Makes a profile, which belongs to the builder. */
  long createProfile(long builder);

  boolean setDimensions(long profile, String input, Bound bound, long[] dimensions);

  boolean setValues(long profile, String input, Bound bound, long[] values);

  boolean isValid(long profile);

  long createConfig(long builder);

  /** Returns the index of the profile, or a negative number. */
  int addProfile(long config, long profile);

  void setOptimizationLevel(long config, int level);

  void setWorkspace(long config, long bytes);

  /** Forbids products of fp32 numbers of which only ten bits of the fraction are read. */
  void requireFullFp32(long config);

  void allowRefit(long config);

  void allowWeightStreaming(long config);

  /**
   * Makes a timing cache.
   *
   * @param serialized direct; nothing remaining for an empty cache
   */
  long createTimingCache(long config, ByteBuffer serialized);

  /** Makes a builder use a timing cache; fails for one of another GPU. */
  boolean setTimingCache(long config, long cache);

  long serializeTimingCache(long config);

  long build(long builder, long network, long config);

  /** The size of a plan or of a serialized timing cache. */
  long size(long hostMemory);

  /** A view of some bytes, valid as long as the object. */
  ByteBuffer bytes(long hostMemory, long offset, int count);

  void destroy(long object);

  /** Frees a parser, which is none of the objects that {@link #destroy} frees. */
  void destroyParser(long parser);

  /** The shapes of a profile, by their number in TensorRT. */
  enum Bound {
    LEAST,
    TYPICAL,
    MOST
  }

  /**
   * A complaint of the parser.
   *
   * @param unsupported whether the graph is valid but beyond the parser
   */
  record ParserFault(String text, boolean unsupported) {}
}
