package dev.showo2.backend.tensorrt;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.internal.Interruptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names and sizes at the border of a graph.
 *
 * @param inputs by name, in the order of the graph
 * @param outputs in the order of the graph
 * @param weightFiles names of the files that weights lie in
 */
record GraphSignature(
    Map<String, List<Dimension>> inputs, List<String> outputs, Set<String> weightFiles) {

  /** Graphs have no weights; the largest of the released models has some hundred kilobytes. */
  private static final long MOST_BYTES = 256L << 20;

  /**
   * One size of an input.
   *
   * @param name if it varies, else empty
   * @param size if it is fixed
   */
  record Dimension(String name, long size) {

    boolean varies() {
      return !name.isEmpty();
    }
  }

  /**
   * @throws InvalidModelException if the file is no graph
   */
  static GraphSignature read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new InvalidModelException(
            file + " has more than " + MOST_BYTES + " bytes; a graph without weights needs fewer");
      }
      return of(ModelProto.parseFrom(Files.readAllBytes(file)).getGraph());
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e,
          () ->
              new InvalidModelException(
                  "cannot read the graph " + file + ": " + e.getMessage(), e));
    }
  }

  private static GraphSignature of(GraphProto graph) {
    Map<String, List<Dimension>> inputs = new LinkedHashMap<>();
    for (ValueInfoProto input : graph.getInputList()) {
      List<Dimension> dimensions = new ArrayList<>();
      for (TensorShapeProto.Dimension dimension :
          input.getType().getTensorType().getShape().getDimList()) {
        dimensions.add(new Dimension(dimension.getDimParam(), dimension.getDimValue()));
      }
      inputs.put(input.getName(), List.copyOf(dimensions));
    }
    Set<String> weightFiles = new TreeSet<>();
    for (TensorProto weight : graph.getInitializerList()) {
      for (StringStringEntryProto entry : weight.getExternalDataList()) {
        if (entry.getKey().equals("location")) {
          weightFiles.add(entry.getValue());
        }
      }
    }
    return new GraphSignature(
        inputs, graph.getOutputList().stream().map(ValueInfoProto::getName).toList(), weightFiles);
  }

  /** The outputs whose names start with a prefix and end with their number, in its order. */
  List<String> numbered(String prefix) {
    List<String> names = new ArrayList<>();
    while (outputs.contains(prefix + names.size())) {
      names.add(prefix + names.size());
    }
    return names;
  }
}
