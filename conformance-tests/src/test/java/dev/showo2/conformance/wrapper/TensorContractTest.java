package dev.showo2.conformance.wrapper;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

/** Checks the contract of tensors for those who read them. */
class TensorContractTest extends WrapperTest {

  private Tensor around(Tensor tensor) {
    uploaded = tensor;
    return tensor(2);
  }

  @Test
  void valuesAreReadWhereTheBufferStands() {
    Tensor tensor = backend.upload(new HostTensor(Shape.of(2), new float[] {3, 4}));
    FloatBuffer buffer = FloatBuffer.wrap(new float[] {9, 9, 9, 9, 9}).position(1).limit(4);
    tensor.read(buffer);
    assertEquals(3, buffer.position());
    assertArrayEquals(new float[] {9, 3, 4, 9, 9}, buffer.array());
    assertArrayEquals(new float[] {3, 4}, tensor.toHost().values());
  }

  @Test
  void thePositionMovesBehindTheValues() {
    Tensor tensor =
        around(
            new SmallTensor(2) {
              @Override
              public void read(FloatBuffer destination) {
                super.read(destination.duplicate());
              }
            });
    assertBackendBroke(
        "Tensor.read",
        "a destination at position 2 with limit 3 is expected, found position 0 and limit 3",
        () -> tensor.read(FloatBuffer.allocate(3)));
  }

  @Test
  void theRestOfTheBufferIsLeftAlone() {
    Tensor tensor =
        around(
            new SmallTensor(2) {
              @Override
              public void read(FloatBuffer destination) {
                destination.put(2, 7);
                super.read(destination);
              }
            });
    tensor.read(FloatBuffer.wrap(new float[] {5, 5, 7}));
    assertBackendBroke(
        "Tensor.read",
        "a destination whose other elements are as before is expected, found others written too",
        () -> tensor.read(FloatBuffer.allocate(3)));
  }

  @Test
  void valuesNeverChange() {
    SmallTensor real = new SmallTensor(2);
    Tensor tensor = around(real);
    tensor.toHost();
    tensor.read(FloatBuffer.allocate(2));
    real.values.values()[1] = 1;
    assertBackendBroke(
        "Tensor.read",
        "the values that were read before is expected, found other values",
        () -> tensor.read(FloatBuffer.allocate(2)));
  }

  @Test
  void bothWaysOfReadingGiveTheSame() {
    Tensor tensor =
        around(
            new SmallTensor(2) {
              @Override
              public HostTensor toHost() {
                return new HostTensor(shape(), new float[] {0, 1});
              }
            });
    tensor.read(FloatBuffer.allocate(2));
    assertBackendBroke(
        "Tensor.toHost",
        "the values that were read before is expected, found other values",
        tensor::toHost);
    Tensor flat =
        around(
            new SmallTensor(2) {
              @Override
              public HostTensor toHost() {
                return super.toHost().reshape(1, 2);
              }
            });
    assertBackendBroke(
        "Tensor.toHost", "values of shape [2] is expected, found [1, 2]", flat::toHost);
  }

  @Test
  void shapeAndElementTypeAreThereAndStay() {
    Tensor tensor =
        around(
            new SmallTensor(2) {
              private int asked;

              @Override
              public Shape shape() {
                return asked++ == 0 ? super.shape() : Shape.of(1, 2);
              }

              @Override
              public ElementType elementType() {
                return null;
              }
            });
    assertBackendBroke(
        "Tensor.shape", "the same shape as before, [2], is expected, found [1, 2]", tensor::shape);
    assertBackendBroke(
        "Tensor.elementType", "an element type is expected, found null", tensor::elementType);
  }
}
