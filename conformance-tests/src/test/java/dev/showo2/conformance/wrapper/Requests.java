package dev.showo2.conformance.wrapper;

import dev.showo2.media.video.FrameSink;
import dev.showo2.pipeline.Conversation;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.GeneratedStory;
import dev.showo2.pipeline.GeneratedVideo;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageToImage;
import dev.showo2.pipeline.ImageToImageRequest;
import dev.showo2.pipeline.ImageToVideo;
import dev.showo2.pipeline.ImageToVideoRequest;
import dev.showo2.pipeline.ImageUnderstanding;
import dev.showo2.pipeline.ImageUnderstandingRequest;
import dev.showo2.pipeline.Story;
import dev.showo2.pipeline.StoryRequest;
import dev.showo2.pipeline.TextOptions;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.pipeline.TextToVideo;
import dev.showo2.pipeline.TextToVideoRequest;
import dev.showo2.pipeline.VideoUnderstanding;
import dev.showo2.pipeline.VideoUnderstandingRequest;
import dev.showo2.pipeline.internal.LoadedModel;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Short requests of every kind, each giving values that can be compared. */
enum Requests implements Function<LoadedModel, List<?>> {
  TEXT_TO_IMAGE {
    @Override
    public List<?> apply(LoadedModel model) {
      return textToImage(model, GenerationListener.NONE);
    }
  },
  IMAGE_TO_IMAGE {
    @Override
    public List<?> apply(LoadedModel model) {
      ImageToImageRequest request =
          ImageToImageRequest.builder(image(Color.RED), "a red bus")
              .strength(0.5f)
              .steps(2)
              .seed(3)
              .build();
      return comparable(new ImageToImage(model).generate(request));
    }
  },
  TEXT_TO_VIDEO {
    @Override
    public List<?> apply(LoadedModel model) {
      List<BufferedImage> frames = new ArrayList<>();
      TextToVideoRequest request =
          TextToVideoRequest.builder("a red bus").latentFrames(2).steps(2).seed(3).build();
      return comparable(new TextToVideo(model).generate(request, FrameSink.into(frames)), frames);
    }
  },
  IMAGE_TO_VIDEO {
    @Override
    public List<?> apply(LoadedModel model) {
      List<BufferedImage> frames = new ArrayList<>();
      ImageToVideoRequest request =
          ImageToVideoRequest.builder(image(Color.RED), "a red bus")
              .latentFrames(2)
              .steps(2)
              .seed(3)
              .build();
      return comparable(new ImageToVideo(model).generate(request, FrameSink.into(frames)), frames);
    }
  },
  IMAGE_UNDERSTANDING {
    @Override
    public List<?> apply(LoadedModel model) {
      ImageUnderstandingRequest request =
          ImageUnderstandingRequest.builder(image(Color.RED), "What is it?").maxTokens(2).build();
      return List.of(new ImageUnderstanding(model).ask(request, GenerationListener.NONE));
    }
  },
  VIDEO_UNDERSTANDING {
    @Override
    public List<?> apply(LoadedModel model) {
      VideoUnderstandingRequest request =
          VideoUnderstandingRequest.builder(
                  List.of(image(Color.RED), image(Color.GREEN)), "What is it?")
              .frameCount(2)
              .maxTokens(2)
              .build();
      return List.of(new VideoUnderstanding(model).ask(request, GenerationListener.NONE));
    }
  },
  STORY {
    @Override
    public List<?> apply(LoadedModel model) {
      StoryRequest request =
          StoryRequest.builder("a red bus")
              .maxImages(1)
              .text(TextOptions.builder().maxTokens(2).build())
              .steps(2)
              .seed(3)
              .build();
      GeneratedStory story = new Story(model).tell(request);
      List<Object> values = new ArrayList<>(story.texts());
      story.images().forEach(each -> values.addAll(comparable(each)));
      return values;
    }
  },
  CONVERSATION {
    @Override
    public List<?> apply(LoadedModel model) {
      TextOptions options = TextOptions.builder().maxTokens(2).build();
      try (Conversation conversation =
          new ImageUnderstanding(model).open(List.of(image(Color.RED)))) {
        Object first = conversation.ask("What is it?", options, GenerationListener.NONE);
        conversation.add(image(Color.GREEN));
        return List.of(first, conversation.ask("And this?", options, GenerationListener.NONE));
      }
    }
  };

  static List<?> textToImage(LoadedModel model, GenerationListener listener) {
    TextToImageRequest request =
        TextToImageRequest.builder("a red bus").steps(2).guidanceScale(3).seed(3).build();
    return comparable(new TextToImage(model).generate(request, listener));
  }

  private static BufferedImage image(Color color) {
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(color);
    graphics.fillRect(10, 5, 20, 20);
    graphics.dispose();
    return image;
  }

  private static List<?> comparable(GeneratedImage image) {
    return List.of(image.latents(), pixels(image.image()));
  }

  private static List<?> comparable(GeneratedVideo video, List<BufferedImage> frames) {
    List<Object> values = new ArrayList<>(List.of(video.latents()));
    frames.forEach(frame -> values.add(pixels(frame)));
    return values;
  }

  private static List<Integer> pixels(BufferedImage image) {
    return Arrays.stream(
            image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
        .boxed()
        .toList();
  }
}
