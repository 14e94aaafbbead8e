package dev.showo2.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.spi.Backend;
import dev.showo2.spi.support.ForwardingBackbone;
import dev.showo2.spi.support.ForwardingBackend;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.FakeBackend;
import dev.showo2.tiling.Tiling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hints by which engines may preallocate: pipelines pass what they know. */
class RequestHintsTest {

  private static final int EOS = 492;

  @TempDir static Path folder;
  private static PipelineFixture fixture;

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder, 4);
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Test
  void aConversationExpectsItsFirstTurnAndTheLongestAnswer() {
    RecordingBackend backend = new RecordingBackend(new FakeBackend().answering(11, EOS));
    TextOptions options = TextOptions.builder().maxTokens(7).build();
    try (Conversation conversation = new Chat(backend.model()).open()) {
      conversation.ask("Hi!", options, GenerationListener.NONE);
    }
    int asked = backend.lengths.get(0);
    assertEquals(
        List.of(CacheRequest.builder(1).expectedPositions(asked + 7).build()), backend.caches);
  }

  @Test
  void theDecoderOfAVideoIsToldItsSizeAndLength() {
    RecordingBackend backend = new RecordingBackend(new FakeBackend());
    List<Integer> frames = new ArrayList<>();
    GeneratedVideo video =
        new TextToVideo(backend.model())
            .generate(
                TextToVideoRequest.builder("x").seed(1).steps(2).latentFrames(2).build(),
                (index, frame) -> {
                  frames.add(frame.getHeight());
                  frames.add(frame.getWidth());
                });
    VaeStreamRequest expected =
        VaeStreamRequest.builder()
            .batch(1)
            .size(frames.get(0), frames.get(1))
            .frames(video.frames())
            .build();
    assertEquals(List.of(expected), backend.streams);
  }

  @Test
  void tiledStreamsHaveTheSizeOfTheirTilesAndTheLengthOfTheVideo() {
    RecordingBackend backend = new RecordingBackend(new FakeBackend());
    VaeStreamRequest video = VaeStreamRequest.builder().batch(1).size(64, 96).frames(5).build();
    Backend tiled = Tiling.ALWAYS.withTiles(64, 16).wrap(backend);
    try (VaeDecoderStream stream = tiled.vaeDecoder().openStream(video);
        Tensor latents = tiled.upload(HostTensor.zeros(Shape.of(1, 4, 1, 8, 12)))) {
      stream.decode(latents).close();
    }
    VaeStreamRequest tile = video.toBuilder().size(64, 56).build();
    assertEquals(List.of(video, tile, tile), backend.streams);
  }

  @Test
  void aStoryExpectsAllItsImagesAndTheLongestTexts() {
    RecordingBackend backend = new RecordingBackend(new FakeBackend().answering(11, EOS));
    TextOptions text = TextOptions.builder().maxTokens(7).build();
    new Story(backend.model())
        .tell(StoryRequest.builder("x").maxImages(2).text(text).steps(2).seed(1).build());
    LoadedModel model = backend.model();
    int image = 1 + model.architecture().imageGrid().tokens() + 1;
    int prompt = backend.lengths.get(0);
    CacheRequest expected =
        CacheRequest.builder(1).expectedPositions(prompt + 2 * image + 3 * 7).build();
    assertEquals(List.of(expected, expected), backend.caches.subList(0, 2));
  }

  private static final class RecordingBackend extends ForwardingBackend {

    private final List<CacheRequest> caches = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();
    private final List<VaeStreamRequest> streams = new ArrayList<>();

    RecordingBackend(Backend delegate) {
      super(delegate);
    }

    LoadedModel model() {
      return new LoadedModel(fixture.bundle(), "recording", this, fixture.tokenizer());
    }

    @Override
    public Backbone backbone() {
      return new ForwardingBackbone(super.backbone()) {
        @Override
        public KvCache newCache(CacheRequest request) {
          caches.add(request);
          return super.newCache(request);
        }

        @Override
        public Tensor append(BackboneRequest request) {
          Tensor hidden = super.append(request);
          lengths.add(request.cache().length());
          return hidden;
        }
      };
    }

    @Override
    public VaeDecoder vaeDecoder() {
      VaeDecoder decoder = super.vaeDecoder();
      return new VaeDecoder() {
        @Override
        public Tensor decodeImage(Tensor latents) {
          return decoder.decodeImage(latents);
        }

        @Override
        public VaeDecoderStream openStream(VaeStreamRequest request) {
          streams.add(request);
          return decoder.openStream(request);
        }
      };
    }
  }
}
