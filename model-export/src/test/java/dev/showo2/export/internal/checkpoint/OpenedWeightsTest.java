package dev.showo2.export.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenedWeightsTest {

  private final List<String> closed = new ArrayList<>();

  @Test
  void allAreClosedWhateverFailsOnTheWay() {
    RuntimeException failure = assertThrows(RuntimeException.class, opened()::close);
    assertEquals(List.of("c", "b", "a"), closed);
    assertEquals("c", failure.getMessage());
    assertEquals("a", failure.getSuppressed()[0].getMessage());
  }

  @Test
  void whatFailedBeforeStaysTheFailure() {
    Exception failure = new Exception("first");
    opened().closeAfter(failure);
    assertEquals(List.of("c", "b", "a"), closed);
    assertEquals("c", failure.getSuppressed()[0].getMessage());
  }

  @Test
  void givesBackWhatItTakes() {
    Closing weights = new Closing("a", closed, false);
    assertSame(weights, new OpenedWeights().add(weights));
  }

  private OpenedWeights opened() {
    OpenedWeights opened = new OpenedWeights();
    opened.add(new Closing("a", closed, true));
    opened.add(new Closing("b", closed, false));
    opened.add(new Closing("c", closed, true));
    return opened;
  }

  /** Without tensors. */
  private record Closing(String name, List<String> closed, boolean failing)
      implements CheckpointWeights {

    @Override
    public Set<String> names() {
      return Set.of();
    }

    @Override
    public Shape shape(String key) {
      throw new IllegalArgumentException(key);
    }

    @Override
    public ElementType type(String key) {
      throw new IllegalArgumentException(key);
    }

    @Override
    public String sharedWith(String key) {
      throw new IllegalArgumentException(key);
    }

    @Override
    public void read(String key, TensorSink sink) {
      throw new IllegalArgumentException(key);
    }

    @Override
    public void close() {
      closed.add(name);
      if (failing) {
        throw new IllegalStateException(name);
      }
    }
  }
}
