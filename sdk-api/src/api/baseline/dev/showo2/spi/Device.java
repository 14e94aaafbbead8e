package dev.showo2.spi;

public final class Device {
  public static final Device CPU = null;
  Device() { super(); throw null; }
  public static Device parse(String device) { throw null; }
  public String type() { throw null; }
  public java.util.OptionalInt index() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
}
