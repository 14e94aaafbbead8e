package dev.showo2.demo.world;

import dev.showo2.demo.world.MotionGrammar.MotionPrompt;
import dev.showo2.demo.world.WorldQuestion.Kind;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * Asks about videos in the forms of the demo's README. The same seed gives the same questions about
 * the same videos.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class VideoQuestions {

  private record Form(Kind kind, String text, Function<Motion, String> answer) {

    WorldQuestion about(Motion shown, Language language) {
      return new WorldQuestion(text, answer.apply(shown), kind, language);
    }
  }

  private static final Form[] ENGLISH = {
    new Form(Kind.MOTION, "What happens in the video?", VideoQuestions::english),
    new Form(Kind.MOTION, "Describe the video.", VideoQuestions::english),
    new Form(
        Kind.DIRECTION,
        "Which direction does it move?",
        shown -> English.sentence(English.way(shown.direction()))),
    new Form(
        Kind.COLOR,
        "What color is the shape?",
        shown -> English.sentence(English.name(shown.color()))),
    new Form(
        Kind.SHAPE,
        "Which shape is it?",
        shown -> English.sentence(English.withArticle(English.name(shown.shape())))),
  };

  private static final Form[] CHINESE = {
    new Form(Kind.MOTION, "视频里发生了什么?", VideoQuestions::chinese),
    new Form(Kind.DIRECTION, "它向哪里移动?", shown -> Chinese.way(shown.direction()) + "。"),
  };

  private VideoQuestions() {}

  /**
   * Writes questions, each about a video of its own; every third is Chinese.
   *
   * @param seed the seed of all choices
   * @param count how many
   * @return the first ones of an endless list
   */
  public static List<VideoQuestion> questions(long seed, int count) {
    Random random = new Random(seed);
    List<MotionPrompt> motions = MotionGrammar.prompts(seed, count);
    return IntStream.range(0, count)
        .mapToObj(i -> question(motions.get(i), random, seed + i))
        .toList();
  }

  private static VideoQuestion question(MotionPrompt motion, Random random, long clipSeed) {
    WorldQuestion question =
        Chance.any(random, forms(motion.language())).about(motion.expected(), motion.language());
    return new VideoQuestion(
        question.text(), question.answer(), motion.language(), motion.expected(), clipSeed);
  }

  /**
   * The kinds of questions about videos.
   *
   * @param language of the questions
   * @return fewer in Chinese than in English
   */
  public static List<Kind> kinds(Language language) {
    return Arrays.stream(forms(language)).map(Form::kind).distinct().toList();
  }

  /**
   * Asks about a video.
   *
   * @param kind one of {@link #kinds}
   * @param shown what the video shows
   * @param language of question and answer
   * @param random chooses the form
   * @return question and answer
   * @throws IllegalArgumentException if there is no question of the kind in the language
   */
  public static WorldQuestion ask(Kind kind, Motion shown, Language language, Random random) {
    Form[] forms =
        Arrays.stream(forms(language)).filter(each -> each.kind() == kind).toArray(Form[]::new);
    if (forms.length == 0) {
      throw new IllegalArgumentException("expected one of " + kinds(language) + ", found " + kind);
    }
    return Chance.any(random, forms).about(shown, language);
  }

  private static Form[] forms(Language language) {
    return language == Language.CHINESE ? CHINESE : ENGLISH;
  }

  private static String english(Motion shown) {
    return English.sentence(
        English.thing(Optional.empty(), shown.color(), shown.shape())
            + " moving "
            + English.way(shown.direction()));
  }

  private static String chinese(Motion shown) {
    return MotionGrammar.chinese(Optional.empty(), shown.color(), shown.shape(), shown.direction())
        + "。";
  }

  /**
   * A question about a video.
   *
   * @param question the text of the question
   * @param answer the true answer
   * @param language the language of both
   * @param shown what the video shows
   * @param clipSeed for {@link #frames()}
   */
  public record VideoQuestion(
      String question, String answer, Language language, Motion shown, long clipSeed) {

    /**
     * Draws the video.
     *
     * @return nine clean frames of 64x64
     */
    public List<BufferedImage> frames() {
      return Clip.framesThroughMiddle(shown, clipSeed);
    }
  }
}
