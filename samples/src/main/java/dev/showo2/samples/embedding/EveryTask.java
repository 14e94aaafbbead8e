package dev.showo2.samples.embedding;

import dev.showo2.ShowO2;
import dev.showo2.media.Outpainting;
import dev.showo2.media.video.VideoReader;
import dev.showo2.media.video.VideoWriter;
import dev.showo2.pipeline.BestOfRequest;
import dev.showo2.pipeline.Conversation;
import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.FinishedImage;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.GeneratedStory;
import dev.showo2.pipeline.GeneratedToken;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageToImageRequest;
import dev.showo2.pipeline.ImageToVideoRequest;
import dev.showo2.pipeline.ScoredImage;
import dev.showo2.pipeline.StoryRequest;
import dev.showo2.pipeline.Task;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.pipeline.TextToVideoRequest;
import dev.showo2.pipeline.VideoUnderstandingRequest;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Examples of all other tasks, a few lines for each. */
public final class EveryTask {

  private final ShowO2 model;

  /**
   * @param model stays open
   */
  public EveryTask(ShowO2 model) {
    this.model = model;
  }

  /**
   * {@return several images of one prompt, each from noise of its own}
   *
   * @param prompt the prompt
   * @param count how many, at least 1
   */
  public List<GeneratedImage> images(String prompt, int count) {
    TextToImageRequest request =
        TextToImageRequest.builder(prompt).seed(1).negativePrompt("a black background").build();
    return model.textToImage().generateAll(request.images(count), new ConsoleListener());
  }

  /**
   * {@return the one of four that the model itself finds most like the prompt}
   *
   * @param prompt the prompt
   */
  public ScoredImage best(String prompt) {
    BestOfRequest request = BestOfRequest.of(TextToImageRequest.of(prompt), 4);
    return model.bestOf().generate(request).get(0);
  }

  /**
   * {@return an image drawn anew where the mask is white}
   *
   * @param image the image
   * @param mask white where the image is drawn anew
   * @param prompt the prompt
   */
  public BufferedImage inpaint(BufferedImage image, BufferedImage mask, String prompt) {
    ImageToImageRequest request =
        ImageToImageRequest.builder(image, prompt).mask(mask).strength(1).build();
    return model.imageToImage().generate(request).image();
  }

  /**
   * {@return an image continued by an eighth on each side}
   *
   * @param image the image
   * @param prompt the prompt
   */
  public BufferedImage outpaint(BufferedImage image, String prompt) {
    int x = image.getWidth() / 8;
    int y = image.getHeight() / 8;
    Outpainting canvas = Outpainting.around(image, x, y, x, y);
    return model
        .imageToImage()
        .generate(ImageToImageRequest.outpainting(canvas, prompt).build())
        .image();
  }

  /**
   * A video as an MP4 file; takes FFmpeg, where a name that ends with .gif takes none.
   *
   * @param prompt the prompt
   * @param file the file to write
   */
  public void video(String prompt, Path file) {
    try (VideoWriter video = VideoWriter.create(file)) {
      model.textToVideo().generate(TextToVideoRequest.of(prompt), video);
      video.finish();
    }
  }

  /**
   * An image set in motion.
   *
   * @param image the image
   * @param prompt the prompt
   * @param file the file to write
   */
  public void animate(BufferedImage image, String prompt, Path file) {
    try (VideoWriter video = VideoWriter.create(file)) {
      model.imageToVideo().generate(ImageToVideoRequest.of(image, prompt), video);
      video.finish();
    }
  }

  /**
   * {@return an answer about a video file}
   *
   * @param video the video file
   * @param frames how many of them are looked at; the released models were trained with 32
   * @param question the question
   */
  public String askAbout(Path video, int frames, String question) {
    List<BufferedImage> sampled = VideoReader.sample(video, frames);
    VideoUnderstandingRequest request =
        VideoUnderstandingRequest.builder(sampled, question).frameCount(frames).build();
    return model.videoUnderstanding().ask(request, new ConsoleListener()).text();
  }

  /**
   * Two questions about one image, which is encoded once.
   *
   * @param image the image
   * @param first the first question
   * @param second the second question
   * @return both answers
   */
  public List<String> converse(BufferedImage image, String first, String second) {
    try (Conversation conversation = model.imageUnderstanding().open(List.of(image))) {
      return List.of(conversation.ask(first).text(), conversation.ask(second).text());
    }
  }

  /**
   * {@return a story; its parts are texts and images in turn}
   *
   * @param prompt the prompt
   */
  public GeneratedStory tell(String prompt) {
    return model.story().tell(StoryRequest.builder(prompt).seed(1).maxImages(3).build());
  }

  /**
   * {@return an answer without an image}
   *
   * @param question the question
   */
  public String chat(String question) {
    return model.chat().ask(question).text();
  }

  /** Tells on standard output how a request gets on. */
  private static final class ConsoleListener implements GenerationListener {

    @Override
    public void started(Task task) {
      System.out.println(task + " begins");
    }

    @Override
    public void step(DenoisingStep step) {
      System.out.printf(
          "step %d of %d, %d s to go%n", step.index(), step.total(), step.remaining().toSeconds());
    }

    @Override
    public void token(GeneratedToken token) {
      System.out.print(token.text());
      System.out.flush();
    }

    @Override
    public void image(FinishedImage image) {
      System.out.println("image " + (image.index() + 1) + " is done");
    }

    @Override
    public void finished(Task task, Duration elapsed) {
      System.out.println();
      System.out.println(task + " took " + elapsed.toMillis() + " ms");
    }
  }
}
