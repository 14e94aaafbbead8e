package dev.showo2.model;

public interface TensorSink {
  public static final int MAX_CHUNK_BYTES = 1048576;
  public abstract void accept(java.nio.ByteBuffer chunk) throws java.io.IOException;
}
