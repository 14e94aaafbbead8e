package dev.showo2.export.internal.torch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the opcodes of a pickle, valid or not: it is up to the caller what they mean together. */
final class PickleWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final int protocol;

  PickleWriter() {
    this(2);
  }

  PickleWriter(int protocol) {
    this.protocol = protocol;
    opcode(0x80).opcode(protocol);
  }

  PickleWriter opcode(int code) {
    out.write(code);
    return this;
  }

  PickleWriter raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  PickleWriter mark() {
    return opcode('(');
  }

  PickleWriter tuple() {
    return opcode('t');
  }

  PickleWriter emptyTuple() {
    return opcode(')');
  }

  PickleWriter emptyDict() {
    return opcode('}');
  }

  PickleWriter setItem() {
    return opcode('s');
  }

  PickleWriter setItems() {
    return opcode('u');
  }

  PickleWriter reduce() {
    return opcode('R');
  }

  PickleWriter build() {
    return opcode('b');
  }

  PickleWriter persistentId() {
    return opcode('Q');
  }

  PickleWriter bool(boolean value) {
    return opcode(value ? 0x88 : 0x89);
  }

  /** Remembers the top of the stack. */
  PickleWriter put(int index) {
    return opcode('r').i32(index);
  }

  PickleWriter get(int index) {
    return opcode('j').i32(index);
  }

  PickleWriter string(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    if (protocol >= 4 && bytes.length < 256) {
      return opcode(0x8c).opcode(bytes.length).raw(bytes);
    }
    return opcode('X').i32(bytes.length).raw(bytes);
  }

  PickleWriter integer(long value) {
    if (value >= 0 && value < 256) {
      return opcode('K').opcode((int) value);
    }
    if (value == (int) value) {
      return opcode('J').i32((int) value);
    }
    return opcode(0x8a).opcode(8).i64(value);
  }

  PickleWriter integers(long... values) {
    mark();
    for (long value : values) {
      integer(value);
    }
    return tuple();
  }

  PickleWriter global(String module, String name) {
    if (protocol >= 4) {
      return string(module).string(name).opcode(0x93);
    }
    return opcode('c').raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  PickleWriter i32(int value) {
    return raw(little(4).putInt(value).array());
  }

  PickleWriter i64(long value) {
    return raw(little(8).putLong(value).array());
  }

  byte[] finish() {
    return opcode('.').toBytes();
  }

  /** What was written so far, without an end. */
  byte[] toBytes() {
    return out.toByteArray();
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
