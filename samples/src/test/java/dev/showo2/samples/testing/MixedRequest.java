package dev.showo2.samples.testing;

import dev.showo2.ShowO2;
import dev.showo2.media.video.VideoWriter;
import dev.showo2.model.internal.Sha256;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.GeneratedStory;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageToImageRequest;
import dev.showo2.pipeline.ImageUnderstandingRequest;
import dev.showo2.pipeline.StoryRequest;
import dev.showo2.pipeline.TextOptions;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.pipeline.TextToVideoRequest;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Small requests of all kinds. Each gives the hash of its result, which the seed determines. */
public enum MixedRequest {
  IMAGE {
    @Override
    public String run(ShowO2 model, long seed, Path folder, GenerationListener listener) {
      GeneratedImage image =
          model
              .textToImage()
              .generate(
                  TextToImageRequest.builder("a red circle").seed(seed).steps(6).build(), listener);
      image.savePng(folder.resolve("image-" + Thread.currentThread().getId() + ".png"));
      return hash(image.image());
    }
  },
  ASK {
    @Override
    public String run(ShowO2 model, long seed, Path folder, GenerationListener listener) {
      return model
          .imageUnderstanding()
          .ask(ImageUnderstandingRequest.of(square(seed), "What color is the square?"), listener)
          .text();
    }
  },
  CHAT {
    @Override
    public String run(ShowO2 model, long seed, Path folder, GenerationListener listener) {
      return model.chat().ask("hello " + seed, TextOptions.DEFAULTS, listener).text();
    }
  },
  STORY {
    @Override
    public String run(ShowO2 model, long seed, Path folder, GenerationListener listener) {
      GeneratedStory story =
          model
              .story()
              .tell(
                  StoryRequest.builder("Draw a red circle, then make it blue.")
                      .seed(seed)
                      .steps(4)
                      .maxImages(2)
                      .build(),
                  listener);
      StringBuilder hashes = new StringBuilder(story.texts().toString());
      story.images().forEach(image -> hashes.append(hash(image.image())));
      return hashes.toString();
    }
  },
  EDIT {
    @Override
    public String run(ShowO2 model, long seed, Path folder, GenerationListener listener) {
      return hash(
          model
              .imageToImage()
              .generate(
                  ImageToImageRequest.builder(square(seed), "a blue circle")
                      .seed(seed)
                      .steps(6)
                      .build(),
                  listener)
              .image());
    }
  },
  VIDEO {
    @Override
    public String run(ShowO2 model, long seed, Path folder, GenerationListener listener) {
      MessageDigest digest = Sha256.newDigest();
      Path file = folder.resolve("video-" + Thread.currentThread().getId() + ".mp4");
      try (VideoWriter video = VideoWriter.create(file)) {
        model
            .textToVideo()
            .generate(
                TextToVideoRequest.builder("a red circle moving to the right.")
                    .seed(seed)
                    .steps(4)
                    .build(),
                (index, frame) -> {
                  update(digest, frame);
                  video.frame(index, frame);
                },
                listener);
        video.finish();
      }
      return Sha256.hex(digest.digest());
    }
  };

  /**
   * Runs the request. Files that it writes are complete and carry the number of the thread.
   *
   * @param folder for files
   */
  public abstract String run(ShowO2 model, long seed, Path folder, GenerationListener listener);

  private static BufferedImage square(long seed) {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.getHSBColor(seed % 7 / 7f, 1, 1));
    graphics.fillRect(16, 16, 32, 32);
    graphics.dispose();
    return image;
  }

  private static String hash(BufferedImage image) {
    MessageDigest digest = Sha256.newDigest();
    update(digest, image);
    return Sha256.hex(digest.digest());
  }

  private static void update(MessageDigest digest, BufferedImage image) {
    int width = image.getWidth();
    int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
    ByteBuffer bytes = ByteBuffer.allocate(pixels.length * Integer.BYTES);
    bytes.asIntBuffer().put(pixels);
    digest.update(bytes);
  }
}
