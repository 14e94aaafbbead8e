package dev.showo2.tensor;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.showo2.error.InsufficientMemoryException;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class HostTensorTest {

  @Test
  void comparesByContent() {
    HostTensor tensor = new HostTensor(Shape.of(2), new float[] {1, Float.NaN});
    assertEquals(new HostTensor(Shape.of(2), new float[] {1, Float.NaN}), tensor);
    assertEquals(
        new HostTensor(Shape.of(2), new float[] {1, Float.NaN}).hashCode(), tensor.hashCode());
    assertNotEquals(new HostTensor(Shape.of(2), new float[] {2, Float.NaN}), tensor);
    assertNotEquals(tensor.reshape(2, 1), tensor);
    assertEquals("HostTensor[2]", tensor.toString());
  }

  @Test
  void reshapesWithoutCopying() {
    HostTensor tensor = new HostTensor(Shape.of(2, 3), new float[6]);
    assertSame(tensor.values(), tensor.reshape(3, 2).values());
    assertFails(
        IllegalArgumentException.class, () -> tensor.reshape(4), "[4] needs 4 values, got 6");
  }

  @Test
  void shapesCountTheirElements() {
    assertEquals(1, Shape.of().elementCount());
    assertEquals(0, Shape.of(3, 0).elementCount());
    Shape shape = Shape.of(2, 3, 4);
    assertEquals(24, shape.elementCount());
    assertEquals(3, shape.rank());
    assertEquals(4, shape.dimension(-1));
    assertEquals(2, shape.dimension(0));
    assertEquals("[2, 3, 4]", shape.toString());
    assertFails(IndexOutOfBoundsException.class, () -> shape.dimension(3), "3");
    assertFails(IndexOutOfBoundsException.class, () -> shape.dimension(-4), "-1");
  }

  @Test
  void shapesCannotBeChangedFromOutside() {
    long[] sizes = {2, 3};
    Shape shape = Shape.of(sizes);
    sizes[0] = 9;
    shape.toArray()[1] = 9;
    assertArrayEquals(new long[] {2, 3}, shape.toArray());
  }

  @Test
  void refusesShapesThatAreNone() {
    assertFails(IllegalArgumentException.class, () -> Shape.of(2, -1), "negative dimension", "-1");
    assertFails(
        IllegalArgumentException.class, () -> Shape.of(1L << 40, 1L << 40), "too many elements");
  }

  @Test
  void namesOfElementTypesLeadBack() {
    for (ElementType type : ElementType.values()) {
      assertEquals(type, ElementType.ofSafetensorsName(type.safetensorsName()));
    }
    assertFails(
        IllegalArgumentException.class, () -> ElementType.ofSafetensorsName("F8"), "type 'F8'");
  }

  @Test
  void aTensorLargerThanAnArrayDoesNotComeToTheHost() {
    Tensor huge =
        new Tensor() {
          @Override
          public Shape shape() {
            return Shape.of(1L << 31);
          }

          @Override
          public ElementType elementType() {
            return ElementType.FLOAT16;
          }

          @Override
          public void read(FloatBuffer destination) {
            throw new AssertionError("nothing should be read");
          }

          @Override
          public void close() {}
        };
    assertFails(
        InsufficientMemoryException.class, huge::toHost, "shape [2147483648] has more values");
  }

  @Test
  void zerosThatNoArrayHoldsAreRefused() {
    assertFails(
        InsufficientMemoryException.class,
        () -> HostTensor.zeros(Shape.of(1L << 31)),
        "a tensor of shape [2147483648] has more values than one Java array holds");
    assertArrayEquals(new float[6], HostTensor.zeros(Shape.of(2, 3)).values());
  }

  @Test
  void zerosThatTheHeapHasNoRoomForAreRefused() {
    long most = Runtime.getRuntime().maxMemory();
    assumeTrue(most < 8L << 30, "this heap has room for the longest array");
    assertFails(
        InsufficientMemoryException.class,
        () -> HostTensor.zeros(Shape.of(Integer.MAX_VALUE - 8)),
        "the heap has no room for a tensor of shape [2147483639], 8191 MiB; it may grow to "
            + (most >> 20)
            + " MiB, give it more with -Xmx");
  }
}
