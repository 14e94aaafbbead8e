package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Backends whose values do not come through, do not stay, or are others each time. */
class ValueRulesTest extends TwistedBackendTest {

  /** Host tensors as a function of how many were read before. */
  private interface Change {
    float of(float value, int reads);
  }

  private static Twist reading(Change change) {
    AtomicInteger reads = new AtomicInteger();
    return Twist.at(
        "Tensor.toHost",
        call -> {
          HostTensor right = (HostTensor) call.proceed();
          float[] values = right.values().clone();
          int read = reads.getAndIncrement();
          for (int i = 0; i < values.length; i++) {
            values[i] = change.of(values[i], read);
          }
          return new HostTensor(right.shape(), values);
        });
  }

  @Test
  void anUploadThatMovesThePosition() {
    assertFails(
        Rule.R09,
        "upload",
        Twist.at(
            "Backend.upload",
            call -> {
              Object tensor = call.proceed();
              if (call.arguments()[0] instanceof FloatBuffer buffer) {
                buffer.position(buffer.position() + 24);
              }
              return tensor;
            }),
        "position and limit of a heap buffer were 5 and 30, upload made them 29 and 30",
        "read from a duplicate");
  }

  @Test
  void anUploadThatTakesTheWholeBuffer() {
    assertFails(
        Rule.R09,
        "upload",
        Twist.at(
            "Backend.upload",
            call -> {
              if (call.arguments()[0] instanceof FloatBuffer buffer) {
                FloatBuffer whole = buffer.duplicate();
                whole.rewind();
                return ((Backend) call.real()).upload(whole, (Shape) call.arguments()[1]);
              }
              return call.proceed();
            }),
        "from a direct buffer, BIG_ENDIAN, read-only max abs",
        "too far off");
  }

  @Test
  void aReadThatStaysWhereItIs() {
    assertFails(
        Rule.R09,
        "read",
        Twist.at(
            "Tensor.read",
            call -> {
              FloatBuffer buffer = (FloatBuffer) call.arguments()[0];
              ((Tensor) call.real()).read(buffer.duplicate());
              return null;
            }),
        "position of a heap buffer was 5, reading 24 values made it 5");
  }

  @Test
  void aBufferThatIsTooSmallAndTakenNevertheless() {
    assertFails(
        Rule.R09,
        "refused",
        Twist.at("Tensor.read", call -> null),
        "a destination with an element too few went through; IllegalArgumentException is needed");
  }

  @Test
  void resultsThatAreWrittenOver() {
    assertFails(
        Rule.R10,
        "results of all stages",
        reading((value, reads) -> reads < 30 ? value : 0),
        "TextEmbedding.embed, its inputs closed and all stages run again");
  }

  @Test
  void aResultOfAnotherShape() {
    assertFails(
        Rule.R11,
        "all stages",
        Twist.at(
            "LanguageHead.logits",
            call -> {
              LanguageHeadRequest all = (LanguageHeadRequest) call.arguments()[0];
              LanguageHeadRequest last = LanguageHeadRequest.last(all.hidden());
              return call.method().invoke(call.real(), last);
            }),
        "LanguageHead.logits",
        "the backend broke the contract",
        "[1, 3, 508]");
  }

  @Test
  void aCacheOfAnotherLength() {
    assertFails(
        Rule.R11,
        "caches",
        Twist.at("KvCache.length", call -> 7),
        "the backend broke the contract",
        "length 7");
  }

  @Test
  void otherValuesEachTime() {
    assertFails(
        Rule.R13,
        "all stages",
        reading((value, reads) -> value + reads),
        "TextEmbedding.embed, time 2 max abs",
        "too far off");
  }

  @Test
  void otherBitsEachTime() {
    Twist noisy = reading((value, reads) -> reads % 2 == 0 ? value : Math.nextUp(value));
    assertPasses(Rule.R13, "all stages", noisy);
    assertFails(Rule.R14, "all stages", noisy, "TextEmbedding.embed, time 2 max abs");
  }

  @Test
  void integers() {
    assertFails(
        Rule.R18,
        "results of all stages",
        Twist.at("Tensor.elementType", call -> ElementType.INT8),
        "element type of TextEmbedding.embed is INT8, expected one of [FLOAT64, FLOAT32");
  }
}
