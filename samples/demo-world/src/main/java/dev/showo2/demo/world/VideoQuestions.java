package dev.showo2.demo.world;

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
@API(status = API.Status.INTERNAL, since = "0.1")
public final class VideoQuestions {

  private record Form(String question, Function<Motion, String> answer) {}

  private static final Form[] ENGLISH = {
    new Form("What happens in the video?", VideoQuestions::english),
    new Form("Describe the video.", VideoQuestions::english),
    new Form(
        "Which direction does it move?",
        shown -> EnglishWords.sentence(EnglishWords.way(shown.direction()))),
    new Form(
        "What color is the shape?",
        shown -> EnglishWords.sentence(EnglishWords.name(shown.color()))),
    new Form(
        "Which shape is it?",
        shown -> EnglishWords.sentence(EnglishWords.withArticle(EnglishWords.name(shown.shape())))),
  };

  private static final Form[] CHINESE = {
    new Form("视频里发生了什么?", VideoQuestions::chinese),
    new Form("它向哪里移动?", shown -> ChineseWords.way(shown.direction()) + "。"),
  };

  private VideoQuestions() {}

  /**
   * {@return questions, each about a video of its own; every third is Chinese}
   *
   * @param seed of the random numbers
   * @param count how many, at least 1
   */
  public static List<VideoQuestion> questions(long seed, int count) {
    Random random = new Random(seed);
    List<MotionPrompt> motions = MotionGrammar.prompts(seed, count);
    return IntStream.range(0, count)
        .mapToObj(i -> question(motions.get(i), random, seed + i))
        .toList();
  }

  private static VideoQuestion question(MotionPrompt motion, Random random, long clipSeed) {
    Form form = Chance.any(random, motion.language() == Language.CHINESE ? CHINESE : ENGLISH);
    return new VideoQuestion(
        form.question(),
        form.answer().apply(motion.expected()),
        motion.language(),
        motion.expected(),
        clipSeed);
  }

  private static String english(Motion shown) {
    return EnglishWords.sentence(
        EnglishWords.thing(Optional.empty(), shown.color(), shown.shape())
            + " moving "
            + EnglishWords.way(shown.direction()));
  }

  private static String chinese(Motion shown) {
    return MotionGrammar.chinese(Optional.empty(), shown.color(), shown.shape(), shown.direction())
        + "。";
  }
}
