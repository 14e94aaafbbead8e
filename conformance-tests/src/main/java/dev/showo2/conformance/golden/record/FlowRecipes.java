package dev.showo2.conformance.golden.record;

import com.google.gson.JsonArray;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.golden.pass.GoldenFlow;
import dev.showo2.conformance.internal.golden.pass.LaterImage;
import dev.showo2.conformance.internal.golden.pass.PastSequence;
import dev.showo2.conformance.internal.golden.pass.RgbValues;
import dev.showo2.conformance.internal.golden.pass.Trajectory;
import dev.showo2.media.video.FrameSink;
import dev.showo2.model.SpecialTokens;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.pipeline.FlowOptions;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.pipeline.TextToVideo;
import dev.showo2.pipeline.TextToVideoRequest;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TimeSchedule;
import dev.showo2.sampler.internal.Guidance;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Cases of flows from noise to images and videos, at the sizes the model was made for. */
final class FlowRecipes {

  static final List<CaseRecipe> ALL =
      List.of(
          CaseRecipe.of(
              "video_velocity",
              "video",
              FlowRecipes::videoVelocity,
              Stage.TEXT_EMBEDDING,
              Stage.TIME_EMBEDDING,
              Stage.FUSION,
              Stage.BACKBONE,
              Stage.FLOW_HEAD),
          image("t2i_euler", Prompts.IMAGE, Solver.EULER, 5, 3),
          image("t2i_midpoint", Prompts.CHINESE_IMAGE, Solver.MIDPOINT, 0, 2),
          CaseRecipe.of(
              "t2v_euler",
              "t2v",
              FlowRecipes::video,
              Stage.TEXT_EMBEDDING,
              Stage.TIME_EMBEDDING,
              Stage.FUSION,
              Stage.BACKBONE,
              Stage.FLOW_HEAD,
              Stage.VAE_VIDEO_DECODER),
          CaseRecipe.of(
              "mixed_second_image",
              "mixed",
              FlowRecipes::secondImage,
              Stage.TEXT_EMBEDDING,
              Stage.TIME_EMBEDDING,
              Stage.FUSION,
              Stage.BACKBONE,
              Stage.FLOW_HEAD));

  private static final int VIDEO_FRAMES = 2;

  private static final float TIME_SHIFT = 3;

  private FlowRecipes() {}

  private static void videoVelocity(Scene scene, CaseDraft draft) {
    HostTensor latents = scene.latents(scene.architecture().videoGrid(), VIDEO_FRAMES);
    int visual = VIDEO_FRAMES * scene.architecture().videoGrid().tokens();
    float[] times = {scene.time(), scene.time()};
    SpecialTokens tokens = scene.specialTokens();
    TokenRows rows = new TokenRows(tokens);
    rows.row()
        .text(tokens.bos())
        .text(scene.model().tokenizer().encode(Prompts.VIDEO))
        .text(tokens.bov())
        .visual(tokens.videoPad(), visual)
        .text(tokens.eov());
    rows.row()
        .text(tokens.bos(), tokens.bov())
        .visual(tokens.videoPad(), visual)
        .text(tokens.eov());
    List<HostTensor> velocities = new ArrayList<>();
    for (int row = 0; row < times.length; row++) {
      velocities.add(
          PastSequence.velocityAfter(
              scene.backend(), rows.beforeFirstSpan(row), latents, times[row]));
    }
    draft.spans(rows.spans());
    draft.ids("tokens", times.length, rows.ids());
    draft.floats("latents", latents);
    draft.floats("t", new HostTensor(Shape.of(times.length), times));
    draft.floats("velocity", HostTensors.join(velocities, 0));
  }

  private static CaseRecipe image(
      String name, String prompt, Solver solver, float guidance, int points) {
    return CaseRecipe.of(
        name,
        "t2i",
        (scene, draft) -> {
          settings(draft, prompt, guidance, points);
          draft.settings().addProperty("method", solver.id());
          image(scene, draft, prompt);
        },
        Stage.TEXT_EMBEDDING,
        Stage.TIME_EMBEDDING,
        Stage.FUSION,
        Stage.BACKBONE,
        Stage.FLOW_HEAD,
        Stage.VAE_IMAGE_DECODER);
  }

  private static void image(Scene scene, CaseDraft draft, String prompt) {
    HostTensor noise = scene.latents(scene.architecture().imageGrid(), 1);
    Trajectory trajectory = new Trajectory();
    TextToImageRequest request =
        TextToImageRequest.builder(prompt).options(options(scene, draft, noise)).build();
    GeneratedImage image = new TextToImage(scene.model()).generate(request, trajectory);
    draft.floats("noise", HostTensors.withoutFrameAxis(noise));
    draft.floats("trajectory", HostTensors.withoutFrameAxis(trajectory.stacked()));
    draft.pixels("image", RgbValues.of(List.of(image.image())));
  }

  private static void video(Scene scene, CaseDraft draft) {
    settings(draft, Prompts.VIDEO, 4, 3);
    HostTensor noise = scene.latents(scene.architecture().videoGrid(), VIDEO_FRAMES);
    Trajectory trajectory = new Trajectory();
    List<BufferedImage> frames = new ArrayList<>();
    FrameSink sink = (index, frame) -> frames.add(frame);
    TextToVideoRequest request =
        TextToVideoRequest.builder(Prompts.VIDEO)
            .options(options(scene, draft, noise))
            .latentFrames(VIDEO_FRAMES)
            .build();
    new TextToVideo(scene.model()).generate(request, sink, trajectory);
    draft.floats("noise", noise);
    draft.floats("trajectory", trajectory.stacked());
    draft.pixels("frames", RgbValues.of(frames));
  }

  /** From what the case says, so that it says what was done. */
  private static FlowOptions options(Scene scene, CaseDraft draft, HostTensor noise) {
    // The noise is the first that the case's seed gives, which is checked with it then.
    draft.settings().addProperty("seed", scene.seed());
    return GoldenFlow.options(JsonFields.of(draft.settings(), draft.name()), noise);
  }

  private static void secondImage(Scene scene, CaseDraft draft) {
    float guidance = 4;
    int points = 3;
    HostTensor history = scene.latents(scene.architecture().imageGrid(), 1);
    HostTensor noise = scene.latents(scene.architecture().imageGrid(), 1);
    TokenRows rows = storyRows(scene);
    LaterImage later = new LaterImage(rows.ids(), rows.spans(), history);
    HostTensor trajectory =
        later.trajectory(
            scene.backend(),
            noise,
            new Guidance(guidance),
            TimeSchedule.shifted(points, TIME_SHIFT));
    settings(draft, Prompts.IMAGE, guidance, points);
    draft.spans(rows.spans());
    draft.ids("tokens", 2, rows.ids());
    draft.floats("history_latents", HostTensors.withoutFrameAxis(history));
    draft.floats("noise", HostTensors.withoutFrameAxis(noise));
    Shape shape = trajectory.shape();
    draft.floats(
        "trajectory",
        trajectory.reshape(points, 1, shape.dimension(1), shape.dimension(3), shape.dimension(4)));
  }

  /** A prompt, an image, more text and another image; then that image with nothing before. */
  private static TokenRows storyRows(Scene scene) {
    SpecialTokens tokens = scene.specialTokens();
    int image = scene.architecture().imageGrid().tokens();
    TokenRows rows = new TokenRows(tokens);
    rows.row()
        .text(tokens.bos())
        .text(scene.model().tokenizer().encode(Prompts.IMAGE))
        .text(tokens.boi())
        .visual(tokens.imagePad(), image)
        .text(tokens.eoi())
        .text(scene.model().tokenizer().encode(Prompts.CHINESE_IMAGE))
        .text(tokens.boi())
        .visual(tokens.imagePad(), image)
        .text(tokens.eoi());
    rows.row().text(tokens.bos(), tokens.boi()).visual(tokens.imagePad(), image).text(tokens.eoi());
    return rows;
  }

  private static void settings(CaseDraft draft, String prompt, float guidance, int points) {
    JsonArray prompts = new JsonArray();
    prompts.add(prompt);
    draft.settings().add("prompts", prompts);
    draft.settings().addProperty("guidance_scale", guidance);
    draft.settings().addProperty("num_inference_steps", points);
    draft.settings().addProperty("time_shift", TIME_SHIFT);
  }
}
