package dev.showo2.model;

public interface TensorSource {
  public abstract void writeTo(TensorSink sink) throws java.io.IOException;
}
