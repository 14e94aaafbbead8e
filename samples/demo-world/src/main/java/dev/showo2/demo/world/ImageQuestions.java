package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.WorldQuestion.Kind;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apiguardian.api.API;

/**
 * Asks about images in the forms of the demo's README and of {@code eval_prompts.json}, and answers
 * in the words of the demo model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ImageQuestions {

  /** Kinds of questions about an image. */
  public static final List<Kind> KINDS =
      List.of(
          Kind.CONTENT,
          Kind.DESCRIPTION,
          Kind.COLOR,
          Kind.SHAPE,
          Kind.PLACE,
          Kind.BACKGROUND,
          Kind.SIZE,
          Kind.COUNT,
          Kind.IS_SHAPE,
          Kind.IS_COLOR);

  /** Forms of the questions; {@code %s} stands for what is asked about. */
  private static final Map<Kind, String[]> ENGLISH = new EnumMap<>(Kind.class);

  private static final Map<Kind, String[]> CHINESE = new EnumMap<>(Kind.class);

  /** Each as often as the world draws it, so that a color asked about tells nothing. */
  private static final List<Color> COLORS =
      Arrays.stream(Color.values())
          .flatMap(each -> Arrays.stream(Background.showing(each)).map(background -> each))
          .toList();

  static {
    english(Kind.CONTENT, "What is in the image?", "What is this?", "What do you see?");
    english(
        Kind.DESCRIPTION,
        "Describe the image in detail.",
        "Describe the image.",
        "Describe this picture in detail.");
    english(
        Kind.COLOR,
        "What color is the shape?",
        "What is the color of the shape?",
        "Which color is the shape?");
    english(Kind.SHAPE, "Which shape is it?", "What shape is it?");
    english(Kind.PLACE, "Where is it?", "Where is the shape?");
    english(Kind.BACKGROUND, "What color is the background?");
    english(Kind.SIZE, "Is it big or small?", "How big is it?");
    english(Kind.COUNT, "How many shapes are there?");
    english(Kind.IS_SHAPE, "Is it %s?");
    english(Kind.IS_COLOR, "Is it %s?", "Is the shape %s?");
    chinese(Kind.CONTENT, "图片里有什么?", "图片里有什么？");
    chinese(Kind.DESCRIPTION, "详细描述这张图片。");
    chinese(Kind.COLOR, "这个形状是什么颜色?", "它是什么颜色?", "它是什么颜色？");
    chinese(Kind.SHAPE, "它是什么形状?", "它是什么形状？", "这是什么形状?");
    chinese(Kind.PLACE, "它在哪里?", "它在哪里？");
    chinese(Kind.BACKGROUND, "背景是什么颜色?");
    chinese(Kind.SIZE, "它是大还是小?");
    chinese(Kind.COUNT, "有几个形状?", "有几个形状？");
    chinese(Kind.IS_SHAPE, "它是%s吗?", "它是%s吗？");
    chinese(Kind.IS_COLOR, "它是%s吗?", "它是%s吗？");
  }

  private ImageQuestions() {}

  private static void english(Kind kind, String... forms) {
    ENGLISH.put(kind, forms);
  }

  private static void chinese(Kind kind, String... forms) {
    CHINESE.put(kind, forms);
  }

  /**
   * Asks about an image.
   *
   * @param kind one of {@link #KINDS}
   * @param shown what the image shows
   * @param language of question and answer
   * @param yes the answer of a question for yes or no; without effect on others
   * @param random chooses the form, and what a question with the answer no asks about
   * @return question and answer
   * @throws IllegalArgumentException if the kind is not about images
   */
  public static WorldQuestion ask(
      Kind kind, Attributes shown, Language language, boolean yes, Random random) {
    if (!KINDS.contains(kind)) {
      throw new IllegalArgumentException("expected one of " + KINDS + ", found " + kind);
    }
    boolean chinese = language == Language.CHINESE;
    String form = Chance.any(random, (chinese ? CHINESE : ENGLISH).get(kind));
    String text = kind.yesOrNo() ? form.formatted(asked(kind, shown, chinese, yes, random)) : form;
    String answer =
        kind.yesOrNo() && yes
            ? chinese ? "是。" : "Yes."
            : chinese ? chinese(kind, shown) : english(kind, shown);
    return new WorldQuestion(text, answer, kind, language);
  }

  private static String asked(
      Kind kind, Attributes shown, boolean chinese, boolean yes, Random random) {
    if (kind == Kind.IS_COLOR) {
      Color color = yes ? shown.color() : other(COLORS, shown.color(), random);
      return chinese ? Chinese.name(color) : English.name(color);
    }
    Shape shape = yes ? shown.shape() : other(List.of(Shape.values()), shown.shape(), random);
    return chinese ? Chinese.name(shape) : English.withArticle(English.name(shape));
  }

  private static <T> T other(List<T> values, T than, Random random) {
    List<T> others = values.stream().filter(each -> each != than).toList();
    return others.get(random.nextInt(others.size()));
  }

  private static String english(Kind kind, Attributes shown) {
    return switch (kind) {
      case CONTENT ->
          English.sentence(English.thing(Optional.empty(), shown.color(), shown.shape()));
      case DESCRIPTION ->
          English.sentence(
              English.thing(Optional.of(shown.size()), shown.color(), shown.shape())
                  + English.on(Optional.of(shown.background()))
                  + " "
                  + English.place(shown.position()));
      case COLOR -> English.sentence(English.name(shown.color()));
      case SHAPE -> English.sentence(English.withArticle(English.name(shown.shape())));
      case PLACE -> English.sentence(English.place(shown.position()));
      case BACKGROUND -> English.sentence(English.name(shown.background()));
      case SIZE -> English.sentence(English.name(shown.size()));
      case COUNT -> "One.";
      case IS_SHAPE -> "No, it is " + English.withArticle(English.name(shown.shape())) + ".";
      case IS_COLOR -> "No, it is " + English.name(shown.color()) + ".";
      case MOTION, DIRECTION, SMALL_TALK -> throw new IllegalStateException("not about images");
    };
  }

  private static String chinese(Kind kind, Attributes shown) {
    return switch (kind) {
          case CONTENT -> Chinese.thing(Optional.empty(), shown.color(), shown.shape());
          case DESCRIPTION -> Chinese.scene(Mention.all(shown));
          case COLOR -> Chinese.name(shown.color());
          case SHAPE -> Chinese.name(shown.shape());
          case PLACE -> "在" + Chinese.name(shown.position());
          case BACKGROUND -> Chinese.name(shown.background());
          case SIZE -> Chinese.name(shown.size());
          case COUNT -> "一个";
          case IS_SHAPE -> "不是,它是" + Chinese.name(shown.shape());
          case IS_COLOR -> "不是,它是" + Chinese.name(shown.color());
          case MOTION, DIRECTION, SMALL_TALK -> throw new IllegalStateException("not about images");
        }
        + "。";
  }
}
