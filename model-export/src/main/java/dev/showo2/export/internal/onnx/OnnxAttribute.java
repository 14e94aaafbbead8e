package dev.showo2.export.internal.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import com.google.protobuf.ByteString;
import org.apiguardian.api.API;

/** A setting of a node. */
@API(status = API.Status.INTERNAL, since = "0.1")
public record OnnxAttribute(AttributeProto proto) {

  public static OnnxAttribute of(String name, long value) {
    return new OnnxAttribute(
        AttributeProto.newBuilder()
            .setName(name)
            .setType(AttributeProto.AttributeType.INT)
            .setI(value)
            .build());
  }

  public static OnnxAttribute of(String name, float value) {
    return new OnnxAttribute(
        AttributeProto.newBuilder()
            .setName(name)
            .setType(AttributeProto.AttributeType.FLOAT)
            .setF(value)
            .build());
  }

  public static OnnxAttribute of(String name, String value) {
    return new OnnxAttribute(
        AttributeProto.newBuilder()
            .setName(name)
            .setType(AttributeProto.AttributeType.STRING)
            .setS(ByteString.copyFromUtf8(value))
            .build());
  }

  public static OnnxAttribute of(String name, GraphProto branch) {
    return new OnnxAttribute(
        AttributeProto.newBuilder()
            .setName(name)
            .setType(AttributeProto.AttributeType.GRAPH)
            .setG(branch)
            .build());
  }

  public static OnnxAttribute of(String name, long... values) {
    AttributeProto.Builder proto =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      proto.addInts(value);
    }
    return new OnnxAttribute(proto.build());
  }
}
