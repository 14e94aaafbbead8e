package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.GraphFile;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The graphs of two bundles, read back with the protobufs. */
class BundleGraphsTest {

  private static final long MAX_GRAPH_BYTES = 1 << 20;

  @TempDir static Path folder;

  private static Bundle tied;
  private static Bundle untied;

  @BeforeAll
  static void export() throws IOException {
    tied = export("tied", TestCheckpoint.tiny());
    untied = export("untied", TestCheckpoint.of(TinyArchitecture.UNTIED));
  }

  private static Bundle export(String name, TestCheckpoint checkpoint) throws IOException {
    Path target = folder.resolve(name);
    ModelExporter.export(
        ExportRequest.of(checkpoint.write(folder.resolve(name + ".checkpoint")), target),
        ExportListener.NONE);
    return Bundle.open(target);
  }

  @Test
  void declareVersionsThatEveryEngineTakes() throws IOException {
    models(tied)
        .forEach(
            (file, model) -> {
              assertEquals(10, model.getIrVersion());
              assertEquals("", model.getOpsetImport(0).getDomain());
              assertEquals(21, model.getOpsetImport(0).getVersion());
              assertEquals(file.endsWith("_ort.onnx") ? 2 : 1, model.getOpsetImportCount(), file);
            });
  }

  @Test
  void areSmall() {
    Set<String> graphs =
        tied.manifest().graphs().stream().map(GraphFile::file).collect(Collectors.toSet());
    for (BundleFile file : tied.manifest().files()) {
      assertTrue(
          !graphs.contains(file.name()) || file.size() < MAX_GRAPH_BYTES, () -> file + " is large");
    }
  }

  @Test
  void defineEveryValueOnceAndBeforeItsUse() throws IOException {
    for (Bundle bundle : new Bundle[] {tied, untied}) {
      models(bundle).forEach((file, model) -> assertOrdered(file, model.getGraph()));
    }
  }

  private static void assertOrdered(String file, GraphProto graph) {
    Set<String> defined = new HashSet<>();
    graph.getInputList().forEach(input -> define(file, defined, input.getName()));
    graph.getInitializerList().forEach(weight -> define(file, defined, weight.getName()));
    Set<String> used = new HashSet<>();
    assertOrdered(file, graph.getNodeList(), defined, new HashSet<>(), used);
    for (ValueInfoProto output : graph.getOutputList()) {
      assertTrue(defined.contains(output.getName()), () -> file + ": no " + output.getName());
    }
    for (TensorProto weight : graph.getInitializerList()) {
      assertTrue(used.contains(weight.getName()), () -> file + ": unused " + weight.getName());
    }
  }

  /** A branch uses what stands before it. */
  private static void assertOrdered(
      String file,
      List<NodeProto> nodes,
      Set<String> defined,
      Set<String> nodeNames,
      Set<String> used) {
    for (NodeProto node : nodes) {
      assertTrue(nodeNames.add(node.getName()), () -> file + " has two nodes " + node.getName());
      for (String input : node.getInputList()) {
        used.add(input);
        assertTrue(
            input.isEmpty() || defined.contains(input), () -> file + ": " + input + " is nowhere");
      }
      for (AttributeProto attribute : node.getAttributeList()) {
        if (attribute.hasG()) {
          GraphProto branch = attribute.getG();
          Set<String> inside = new HashSet<>(defined);
          assertOrdered(file, branch.getNodeList(), inside, nodeNames, used);
          for (ValueInfoProto output : branch.getOutputList()) {
            assertTrue(inside.contains(output.getName()), () -> file + ": a branch");
          }
        }
      }
      node.getOutputList().forEach(output -> define(file, defined, output));
    }
  }

  private static void define(String file, Set<String> defined, String name) {
    assertTrue(defined.add(name), () -> file + " defines " + name + " twice");
  }

  @Test
  void pointExactlyAtTheirWeights() throws IOException {
    for (Bundle bundle : new Bundle[] {tied, untied}) {
      Map<String, TensorInfo> tensors = tensors(bundle);
      for (ModelProto model : models(bundle).values()) {
        for (TensorProto weight : model.getGraph().getInitializerList()) {
          if (weight.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
            assertStored(weight, tensors);
          }
        }
      }
    }
  }

  private static void assertStored(TensorProto weight, Map<String, TensorInfo> tensors) {
    Map<String, String> data =
        weight.getExternalDataList().stream()
            .collect(
                Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
    assertEquals(Set.of("location", "offset", "length"), data.keySet());
    String key = weight.getName().substring(0, weight.getName().indexOf('['));
    TensorInfo stored = tensors.get(data.get("location") + " " + key);
    assertEquals(stored.offset(), Long.parseLong(data.get("offset")), key);
    assertEquals(stored.byteLength(), Long.parseLong(data.get("length")), key);
    assertEquals(TensorProto.DataType.FLOAT.getNumber(), weight.getDataType());
    long elements = weight.getDimsList().stream().reduce(1L, (a, b) -> a * b);
    assertEquals(stored.byteLength(), elements * Float.BYTES, key);
  }

  @Test
  void useEveryWeight() throws IOException {
    Set<String> used = new HashSet<>();
    for (ModelProto model : models(tied).values()) {
      for (TensorProto weight : model.getGraph().getInitializerList()) {
        used.add(weight.getName().replaceFirst("\\[.*", ""));
      }
    }
    Set<String> unused = new TreeSet<>();
    for (TensorInfo stored : tensors(tied).values()) {
      if (!used.contains(stored.name())) {
        unused.add(stored.name());
      }
    }
    assertEquals(Set.of(), unused);
  }

  private static Map<String, TensorInfo> tensors(Bundle bundle) throws IOException {
    Map<String, TensorInfo> tensors = new HashMap<>();
    for (BundleFile file : bundle.manifest().files()) {
      if (file.name().endsWith(".safetensors")) {
        try (SafetensorsFile open = SafetensorsFile.open(bundle.directory().resolve(file.name()))) {
          open.tensors().forEach((key, info) -> tensors.put(file.name() + " " + key, info));
        }
      }
    }
    return tensors;
  }

  private static Map<String, ModelProto> models(Bundle bundle) throws IOException {
    Map<String, ModelProto> models = new TreeMap<>();
    for (GraphFile graph : bundle.manifest().graphs()) {
      byte[] bytes = Files.readAllBytes(bundle.directory().resolve(graph.file()));
      models.put(graph.file(), ModelProto.parseFrom(bytes));
    }
    assertEquals(22, models.size());
    return models;
  }
}
