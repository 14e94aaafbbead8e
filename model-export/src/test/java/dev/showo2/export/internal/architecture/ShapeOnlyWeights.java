package dev.showo2.export.internal.architecture;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Keys and shapes without values. */
public final class ShapeOnlyWeights implements CheckpointWeights {

  private final Map<String, Shape> shapes;
  private ElementType type = ElementType.FLOAT32;
  private boolean headEqualsEmbedding;

  public ShapeOnlyWeights(Map<String, Shape> shapes) {
    this.shapes = new LinkedHashMap<>(shapes);
  }

  /** One of the lists of released keys. */
  public static Map<String, Shape> released(String name) {
    try (InputStream in = ShapeOnlyWeights.class.getResourceAsStream("/keys/" + name + ".json")) {
      Map<String, Shape> shapes = new LinkedHashMap<>();
      JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .getAsJsonObject()
          .asMap()
          .forEach((key, shape) -> shapes.put(key, shape(shape)));
      return shapes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Shape shape(JsonElement sizes) {
    return Shape.of(
        sizes.getAsJsonArray().asList().stream().mapToLong(JsonElement::getAsLong).toArray());
  }

  ShapeOnlyWeights headEqualsEmbedding() {
    headEqualsEmbedding = true;
    return this;
  }

  ShapeOnlyWeights type(ElementType elementType) {
    type = elementType;
    return this;
  }

  @Override
  public Set<String> names() {
    return shapes.keySet();
  }

  @Override
  public Shape shape(String name) {
    return shapes.get(name);
  }

  @Override
  public ElementType type(String name) {
    return type;
  }

  @Override
  public String sharedWith(String name) {
    return name;
  }

  @Override
  public boolean sameValues(String first, String second) {
    return headEqualsEmbedding;
  }

  @Override
  public void read(String name, TensorSink sink) {
    throw new AssertionError("sizes are found out without reading " + name);
  }

  @Override
  public void close() {}
}
