package dev.showo2.backend.tensorrt.internal.nvinfer;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/** Pointers into buffers point to the first remaining byte. */
class NativeMemoryTest {

  private static final DescribedPredicate<JavaCall<?>> HANDS_A_BUFFER_TO_JAVACPP =
      DescribedPredicate.describe(
          "hands a buffer to JavaCPP",
          call ->
              call.getTargetOwner().getPackageName().startsWith("org.bytedeco")
                  && call.getTarget().getRawParameterTypes().stream()
                      .anyMatch(assignableTo(Buffer.class)));

  @Test
  void pointsToTheFirstRemainingByte() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(32).order(ByteOrder.nativeOrder());
    for (int i = 0; i < 4; i++) {
      buffer.putLong(8 * i, 100 + i);
    }
    for (int i = 0; i < 4; i++) {
      Pointer pointer = NativeMemory.of(buffer.duplicate().position(8 * i));
      assertEquals(100 + i, new LongPointer(pointer).get());
    }
    assertEquals(101, new LongPointer(NativeMemory.of(buffer.slice(8, 8))).get());
    assertThrows(IllegalArgumentException.class, () -> NativeMemory.of(ByteBuffer.allocate(8)));
  }

  /** JavaCPP as it is; should this fail, slices are no longer needed. */
  @Test
  void javacppTakesThePositionOfABufferOfLongsForBytes() {
    ByteBuffer bytes = ByteBuffer.allocateDirect(32).order(ByteOrder.nativeOrder());
    LongBuffer longs = bytes.asLongBuffer().position(1);
    long start = NativeMemory.of(bytes).address();
    Pointer pointer = new Pointer(longs);
    assertEquals(start + 1, pointer.address() + pointer.position());
  }

  @Test
  void writesTextsAsCReadsThem() {
    BytePointer text = NativeMemory.text("a/ö.onnx");
    byte[] bytes = new byte[10];
    text.get(bytes);
    assertEquals("[97, 47, -61, -74, 46, 111, 110, 110, 120, 0]", Arrays.toString(bytes));
  }

  @Test
  void viewsMemory() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
    long address = NativeMemory.of(buffer).address();
    ByteBuffer view = NativeMemory.view(address + 8, 8);
    assertEquals(8, view.remaining());
    view.putLong(77);
    assertEquals(77, buffer.getLong(8));
  }

  @Test
  void nothingElseMakesPointersOfBuffers() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.showo2.backend.tensorrt");
    ArchRule rule =
        noClasses()
            .that()
            .haveNameNotMatching(".*\\.NativeMemory(Test)?")
            .should()
            .callCodeUnitWhere(HANDS_A_BUFFER_TO_JAVACPP);
    rule.check(classes);
    assertThrows(
        AssertionError.class,
        () -> noClasses().should().callCodeUnitWhere(HANDS_A_BUFFER_TO_JAVACPP).check(classes));
  }
}
