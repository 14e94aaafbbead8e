package dev.showo2.backend.tensorrt.internal.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder.PlanRequest;
import dev.showo2.backend.tensorrt.internal.engines.BuildProtocol.Line;
import dev.showo2.backend.tensorrt.internal.engines.BuildProtocol.Word;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.internal.JsonFields;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests and lines between a builder and the process that has started it. */
class BuildRequestTest {

  @TempDir Path folder;

  private PlanRequest request() {
    return new PlanRequest(
        CacheFixture.spec(folder.resolve("a b.onnx")),
        CacheFixture.OPTIONS,
        2,
        folder.resolve("timings"),
        folder.resolve("plan"));
  }

  @Test
  void aRequestIsReadAsItWasWritten() {
    String json = RequestJson.write("Builder", request()).toString();
    JsonFields fields = JsonFields.parse(json, "request");
    assertEquals("Builder", fields.string("builder"));
    PlanRequest read = RequestJson.read(fields);
    assertEquals(request().spec().graph(), read.spec().graph());
    assertEquals(request().spec().outputs(), read.spec().outputs());
    assertEquals(request().spec().profiles(), read.spec().profiles());
    assertEquals(request(), read);
  }

  @Test
  void whatIsMissingOrOfAnotherTypeIsNamed() {
    JsonObject json = RequestJson.write("Builder", request());
    json.addProperty("device", "0");
    InvalidModelException wrong =
        assertThrows(
            InvalidModelException.class, () -> RequestJson.read(JsonFields.of(json, "request")));
    assertEquals(
        "request: 'device' should be an integer from 0 to 2147483647, found \"0\"",
        wrong.getMessage());
    json.remove("engine");
    InvalidModelException missing =
        assertThrows(
            InvalidModelException.class, () -> RequestJson.read(JsonFields.of(json, "request")));
    assertEquals("request: 'engine' is missing", missing.getMessage());
  }

  @Test
  void aLineIsReadAsItWasWritten() {
    for (Word word : Word.values()) {
      Line line = new Line(word, " two\r\nlines of text\n");
      assertEquals("two lines of text", line.text());
      assertEquals(Optional.of(line), Line.parse(line.toString()));
    }
    assertEquals(Optional.of(new Line(Word.DONE, "")), Line.parse("showo2-engine done"));
  }

  @Test
  void linesOfOthersAreNone() {
    assertEquals(Optional.empty(), Line.parse(""));
    assertEquals(Optional.empty(), Line.parse("done"));
    assertEquals(Optional.empty(), Line.parse("showo2-engine "));
    assertEquals(Optional.empty(), Line.parse("showo2-engine DONE"));
  }

  @Test
  void longTextsAreCut() {
    assertEquals(4003, new Line(Word.FAILED, "x".repeat(10_000)).text().length());
  }

  @Test
  void failuresAreToldByKind() {
    assertEquals(
        new Line(Word.FILES, "no such folder: " + folder),
        BuildProtocol.failure(new NoSuchFileException(folder.resolve("plan").toString())));
    assertEquals(
        new Line(Word.FILES, "No space left on device"),
        BuildProtocol.failure(new IOException("No space left on device")));
    assertEquals(
        new Line(Word.MEMORY, "java.lang.OutOfMemoryError: Java heap space"),
        BuildProtocol.failure(new OutOfMemoryError("Java heap space")));
    assertEquals(
        new Line(Word.FAILED, "java.lang.NoClassDefFoundError: org/bytedeco/Foo"),
        BuildProtocol.failure(new NoClassDefFoundError("org/bytedeco/Foo")));
    assertEquals(
        new Line(Word.INVALID, "no graph"),
        BuildProtocol.failure(new InvalidModelException("no graph")));
  }
}
