package dev.showo2.pipeline;

import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.testing.FakeBackend;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/** A small request of each kind, for what all pipelines have in common; flows take two steps. */
enum EachTask {
  TEXT_TO_IMAGE(
      (model, listener) ->
          new TextToImage(model)
              .generate(TextToImageRequest.builder("a").steps(3).build(), listener)),
  SEVERAL_IMAGES(
      (model, listener) ->
          new TextToImage(model)
              .generateAll(
                  List.of(
                      TextToImageRequest.builder("a").steps(3).build(),
                      TextToImageRequest.builder("b").steps(3).build()),
                  listener)),
  IMAGE_TO_IMAGE(
      (model, listener) ->
          new ImageToImage(model)
              .generate(
                  ImageToImageRequest.builder(image(), "a").strength(1).steps(3).build(),
                  listener)),
  INPAINTING(
      (model, listener) ->
          new ImageToImage(model)
              .generate(
                  ImageToImageRequest.builder(image(), "a")
                      .mask(wholeMask())
                      .strength(1)
                      .steps(3)
                      .build(),
                  listener)),
  TEXT_TO_VIDEO(
      (model, listener) ->
          new TextToVideo(model)
              .generate(
                  TextToVideoRequest.builder("a").steps(3).build(),
                  (index, frame) -> {},
                  listener)),
  IMAGE_TO_VIDEO(
      (model, listener) ->
          new ImageToVideo(model)
              .generate(
                  ImageToVideoRequest.builder(image(), "a").steps(3).build(),
                  (index, frame) -> {},
                  listener)),
  IMAGE_UNDERSTANDING(
      (model, listener) ->
          new ImageUnderstanding(model).ask(ImageUnderstandingRequest.of(image(), "a"), listener),
      11,
      12,
      492),
  VIDEO_UNDERSTANDING(
      (model, listener) ->
          new VideoUnderstanding(model)
              .ask(
                  VideoUnderstandingRequest.builder(List.of(image(), image()), "a")
                      .frameCount(3)
                      .build(),
                  listener),
      11,
      492),
  CHAT((model, listener) -> new Chat(model).ask("a", TextOptions.DEFAULTS, listener), 11, 12, 492),
  /** The judgment of each of two images takes one token. */
  BEST_OF(
      (model, listener) ->
          new BestOf(model)
              .generate(
                  BestOfRequest.of(TextToImageRequest.builder("a").steps(3).build(), 2), listener),
      11,
      11),
  /** Text, an image, text, an image, and the end; 499 is boi and 492 eos. */
  STORY(
      (model, listener) -> new Story(model).tell(Stories.request("a").steps(3).build(), listener),
      11,
      499,
      12,
      499,
      492);

  private final BiConsumer<LoadedModel, GenerationListener> request;
  private final int[] answer;

  EachTask(BiConsumer<LoadedModel, GenerationListener> request, int... answer) {
    this.request = request;
    this.answer = answer;
  }

  /** A backend that this request is made for. */
  FakeBackend backend() {
    return new FakeBackend().answering(answer);
  }

  void run(LoadedModel model, GenerationListener listener) {
    request.accept(model, listener);
  }

  /** Black. */
  private static BufferedImage image() {
    return new BufferedImage(40, 50, BufferedImage.TYPE_INT_RGB);
  }

  /** White: everything may change. */
  private static BufferedImage wholeMask() {
    BufferedImage mask = new BufferedImage(40, 50, BufferedImage.TYPE_BYTE_GRAY);
    Arrays.fill(((DataBufferByte) mask.getRaster().getDataBuffer()).getData(), (byte) 255);
    return mask;
  }
}
