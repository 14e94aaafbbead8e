package dev.showo2.stage;

public interface KvCache extends AutoCloseable {
  public abstract int length();
  public abstract int batch();
  public abstract KvCache fork();
  public abstract void truncate(int length);
  public abstract void close();
}
