package dev.showo2.train.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.train.Schedule;
import dev.showo2.train.TrainedPart;
import dev.showo2.train.data.Example;
import dev.showo2.train.data.ExampleSource;
import dev.showo2.train.data.RowKind;
import dev.showo2.train.data.RowLoader;
import dev.showo2.train.spi.AdamW;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.TrainingRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingConfigTest {

  private static final Path BASE = Path.of("base");

  private static final String VALID =
      """
      model: m
      folder: f
      rate: 1e-4
      steps: 10
      data:
        loaders:
          - rows-of: caption
            format: json-lines
            path: a.jsonl
      """;

  private static final String DISTILLED =
      VALID.replace("caption", "image").replace("json-lines", "images");

  @TempDir Path folder;

  private static TrainingConfig parse(String yaml) {
    return TrainingConfig.parse(yaml, "run.yaml", BASE);
  }

  private static void assertRefused(String yaml, String... parts) {
    InvalidRequestException failure =
        assertThrows(InvalidRequestException.class, () -> parse(yaml));
    for (String part : parts) {
      assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }
  }

  static List<String> recipes() {
    return Recipes.names();
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void everyRecipeCanBeRead(String name) {
    TrainingConfig config = parse(Recipes.text(name));
    assertEquals(BASE.resolve("runs/" + name), config.folder());
    assertEquals(AdamW.OFFICIAL, config.request().optimizer());
    assertTrue(Recipes.text(name).startsWith("# "), "a comment says what it is for");
  }

  @ParameterizedTest
  @CsvSource({
    "stage-one-a, STAGE_ONE, 1e-4, CONSTANT, 2000, 150000, 0.2",
    "stage-one-b, STAGE_ONE, 1e-4, CONSTANT, 0, 40000, 0.2",
    "stage-two-a, FUSION, 5e-5, COSINE, 3750, 125000, 1",
    "stage-two-b, STAGE_TWO, 2e-6 1e-5 1e-5, COSINE, 3750, 125000, 1",
    "stage-two-c, STAGE_TWO, 2e-6 1e-5 1e-5, COSINE, 3750, 125000, 1",
    "stories, STAGE_ONE, 1e-4, CONSTANT, 0, 40000, 0.2"
  })
  void theOfficialRecipesHaveTheOfficialFigures(
      String name,
      TrainedPart part,
      String rates,
      Schedule.Kind kind,
      long warmup,
      long steps,
      double nextToken) {
    TrainingConfig config = parse(Recipes.text(name));
    assertEquals(part.groups(), config.request().groups());
    assertEquals(
        Stream.of(rates.split(" ")).map(Double::valueOf).toList(), config.trained().rates());
    assertEquals(
        new Schedule(kind, warmup, steps),
        // A pass of a million conversations, 8 rows each.
        config.length().schedule(125_000, 1));
    assertEquals(new LossWeights(nextToken, 1), config.lossWeights());
    assertEquals(1, config.accumulate());
  }

  @Test
  void settingsArriveWhereTheyBelong() {
    TrainingConfig config =
        parse(
            VALID
                + """
                lora: {rank: 4, alpha: 8, targets: [q_proj], rank-stabilized: true}
                optimizer: {weight-decay: 0.1, max-norm: .inf}
                average-decay: 0.99
                accumulate: 3
                activation-checkpointing: true
                checkpoints: {every: 5, keep: 1}
                result: {format: torch, averages: true}
                """);
    TrainingRequest request = config.request();
    assertEquals(TrainedPart.ADAPTER.groups(), request.groups());
    assertEquals(4, request.lora().orElseThrow().rank());
    assertEquals(4, request.lora().orElseThrow().scale());
    assertEquals(new AdamW(0.9, 0.999, 1e-8, 0.1, Double.POSITIVE_INFINITY), request.optimizer());
    assertEquals(0.99, request.averageDecay().orElseThrow());
    assertTrue(request.activationCheckpointing() && config.averaged());
    assertEquals(
        List.of(3L, 5L, 1L),
        List.of(
            (long) config.accumulate(), config.checkpointEvery(), (long) config.checkpointKeep()));
  }

  @Test
  void videosOfConversationsAreFramesOrClips() {
    String video =
        VALID.replace("caption", "video-conversation").replace("json-lines", "conversations");
    String asAsked = "      frames: 3\n      story-opening: \"\"\n      unused-slots: true\n";
    RowLoader.Builder loader =
        RowLoader.builder(
            ExampleSource.of(List.of(new Example.Dialog(List.of(), Optional.empty())), "none"),
            RowKind.VIDEO_CONVERSATION);
    parse(video + asAsked).data().loaders().get(0).settings().accept(loader);
    assertEquals(RowKind.VIDEO_CONVERSATION, loader.build().kind());
    Consumer<RowLoader.Builder> clip =
        parse(video + asAsked + "      video-layout: clip\n").data().loaders().get(0).settings();
    InvalidRequestException failure =
        assertThrows(InvalidRequestException.class, () -> clip.accept(loader));
    assertTrue(
        failure.getMessage().startsWith("run.yaml:7: frames must be 1, 5"), failure::getMessage);
  }

  @Test
  void groupsOfOnesOwnHaveRatesOfTheirOwn() {
    TrainingConfig config =
        parse(
            VALID.replace("rate: 1e-4", "rates: {head: 1e-3, rest: 1e-5}")
                + """
                groups:
                  - {name: head, including: diffusion}
                  - {name: rest, excluding: [showo, und_trans]}
                """);
    assertEquals(List.of(1e-3, 1e-5), config.trained().rates());
    assertTrue(config.request().groups().get(0).contains("diffusion_head_a.0.weight"));
  }

  @Test
  void aTeacherIsRunOrHasFiles() {
    TrainingConfig run = parse(Recipes.text("distill"));
    assertEquals(TrainedPart.SEMANTIC.groups(), run.request().groups());
    TeacherSettings siglip = run.teacher().orElseThrow();
    assertEquals(BASE.resolve("siglip-so400m-patch14-384"), siglip.siglip().orElseThrow());
    TeacherSettings stored =
        parse(DISTILLED + "teacher: {features: f.safetensors, images: photos}\n")
            .teacher()
            .orElseThrow();
    assertEquals(BASE.resolve("f.safetensors"), stored.features().orElseThrow());
    assertEquals(BASE.resolve("photos"), stored.images().orElseThrow());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "teacher: {} | either 'siglip', a checkpoint, or 'features'",
        "teacher: {siglip: s, features: f} | run.yaml:10: a teacher is either",
        "teacher: {features: f} | 'images' is missing; write such as 'images: photos'",
        "teacher: {features: f, images: i, cache: c} | 'cache' goes with 'siglip'",
        "teacher: {features: f, images: i, layers: 2} | 'layers' goes with 'siglip'",
        "teacher: {siglip: s, images: i} | 'images' goes with 'features'",
        "teacher: {siglip: s, layers: 0} | 'layers' needs a whole number from 1",
        "teacher: {siglib: s} | did you mean 'siglip'?",
        "teacher: {siglip: s}~losses: {flow: 1} | run.yaml:11: with a teacher there is one loss",
        "teacher: {siglip: s}~train: stage-one | 'train: semantic' and the section 'teacher'",
        "teacher: {siglip: s}~lora: {rank: 4} | run.yaml:11: with a teacher no adapter is trained",
        "teacher: {siglip: s}~activation-checkpointing: true | no layers are computed again",
        "train: semantic | 'train: semantic' and the section 'teacher' go together",
        "average-decay: 0.9 | 'rows-of: image' and the section 'teacher' go together"
      })
  void whatDoesNotGoWithATeacherIsRefused(String more, String message) {
    assertRefused(DISTILLED + more.replace("~", "\n") + "\n", message);
  }

  @Test
  void aTeacherIsForImagesAlone() {
    assertRefused(
        VALID + "teacher: {siglip: s}\n",
        "run.yaml:5: 'rows-of: image' and the section 'teacher' go together");
  }

  @Test
  void unknownSettingsAreNamedWithLineAndNearest() {
    assertRefused(
        VALID + "warmups: 3\n", "run.yaml:10: no setting is named 'warmups' here", "'warmup'?");
    assertRefused(VALID.replace("format:", "fromat:"), "run.yaml:7: 'format' is missing");
    assertRefused(
        VALID + "optimizer:\n  beta3: 1\n", "run.yaml:11: ", "'beta3'", "did you mean 'beta1'?");
    assertRefused(VALID + "learning-speed: 3\n", "'learning-speed'", "there are model, vae");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "rate: 1e-4 | rate: -1 | run.yaml:3: 'rate' needs a rate of 0 or more",
        "rate: 1e-4 | rate: 1f | run.yaml:3: 'rate' needs",
        "rate: 1e-4 | rate: .nan | run.yaml:3: 'rate' needs",
        "rate: 1e-4 | rates: {flo: 1} | 'flow' is missing",
        "steps: 10 | steps: 0 | run.yaml:4: 'steps' needs a whole number of 1 or more, found '0'",
        "steps: 10 | passes: 0 | run.yaml:4: 'passes' needs a number above 0",
        "steps: 10 | accumulate: 1 | give either 'steps' or 'passes'",
        "steps: 10 | steps: [1] | run.yaml:4: 'steps' needs one value, found a list",
        "rate: 1e-4 | rate: 1e-4~warmup: 300 % | 'warmup' needs steps or a share such as 3 %",
        "model: m | model: ~ | run.yaml:1: 'model' is missing; write such as 'model: show-o2-1.5B'",
        "caption | captoin | needs one of text-to-image, caption",
        "steps: 10 | steps: 10~steps: 11 | run.yaml:5: 'steps' was set in line 4 already",
        "steps: 10 | steps: &a 10 | anchors and aliases",
        "steps: 10 | steps: !!int 10 | tags (!) are not supported",
        "steps: 10 | steps: [10 | this is no valid YAML",
        "steps: 10 | train: adapter~steps: 10 | go together; give both or neither"
      })
  void wrongValuesAreNamedWithTheirLine(String old, String now, String message) {
    assertRefused(VALID.replace(old, now.replace("~", "\n")), message);
  }

  @Test
  void moreThanAConfigurationIsRefused() {
    assertRefused("- a\n", "run.yaml:1: expected keys and values");
    assertRefused("", "expected keys and values");
    assertRefused(VALID + "---\nb: 1\n", "a second document begins here");
    assertRefused(VALID + "x: " + "[".repeat(40) + "]".repeat(40), "nested more than 16 times");
    assertRefused("a: " + "x".repeat(1 << 18), "characters, more than");
  }

  @Test
  void filesAreRefusedByName() throws IOException {
    Path missing = folder.resolve("none.yaml");
    assertTrue(
        assertThrows(InvalidRequestException.class, () -> TrainingConfig.read(missing))
            .getMessage()
            .contains("no configuration at " + missing));
    Path binary = Files.write(folder.resolve("a.yaml"), new byte[] {(byte) 0xff, 0});
    assertTrue(
        assertThrows(InvalidRequestException.class, () -> TrainingConfig.read(binary))
            .getMessage()
            .contains("no text in UTF-8"));
    Path file = Files.writeString(folder.resolve("b.yaml"), VALID);
    assertEquals(folder.resolve("f"), TrainingConfig.read(file).folder());
  }

  @Test
  void anUnknownRecipeIsRefused() {
    assertTrue(
        assertThrows(InvalidRequestException.class, () -> Recipes.text("stage-3"))
            .getMessage()
            .contains("there are stage-one-a"));
  }
}
