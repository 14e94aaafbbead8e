package dev.showo2.samples.demo;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.showo2.demo.world.WorldQuestion;
import dev.showo2.demo.world.generate.ChatExample;
import dev.showo2.demo.world.generate.DrawingExample;
import dev.showo2.demo.world.generate.StoryExample;
import dev.showo2.demo.world.generate.VideoExample;
import dev.showo2.demo.world.generate.World;
import dev.showo2.media.PngText;
import dev.showo2.media.PngWriter;
import java.awt.image.BufferedImage;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * Examples of the world of colored shapes as files, in the formats of the official training
 * scripts. The same seed and number give the same bytes.
 */
public final class WorldFiles {

  /** JSON lines of {@code path} and {@code prompt}. */
  public static final String PROMPTS = "prompts.jsonl";

  /** The same images with all that they show as {@code prompt}, to be trained as captions. */
  public static final String CAPTIONS = "captions.jsonl";

  /** Conversations on an image each, of one question and of several, and some without an image. */
  public static final String QUESTIONS = "questions.json";

  /** JSON lines of {@code path}, a folder of frames, and {@code prompt}. */
  public static final String VIDEOS = "videos.jsonl";

  /** Conversations on a video each. */
  public static final String VIDEO_QUESTIONS = "video-questions.json";

  /** Stories of {@code images} and {@code captions}. */
  public static final String STORIES = "stories.json";

  /** Parts of the work for each example, as progress counts them. */
  public static final int PARTS = 7;

  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private final World world;
  private final long count;
  private final Path folder;
  private final LongConsumer progress;
  private long done;

  private WorldFiles(World world, long count, Path folder, LongConsumer progress) {
    this.world = world;
    this.count = count;
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * Writes examples.
   *
   * @param world that is written
   * @param count of prompts, questions, chats on images, phrases without an image, videos, chats on
   *     videos and stories: so many each; 1 or more
   * @param folder that exists
   * @param progress gets the number of examples written, up to {@link #PARTS} times the count, and
   *     may throw to end the work
   * @throws IOException if a file cannot be written
   */
  public static void write(World world, long count, Path folder, LongConsumer progress)
      throws IOException {
    WorldFiles files = new WorldFiles(world, count, folder, progress);
    files.prompts();
    files.questions();
    files.videos();
    files.videoQuestions();
    files.stories();
  }

  private void prompts() throws IOException {
    String images = folder("images/prompts");
    try (BufferedWriter prompts = Files.newBufferedWriter(folder.resolve(PROMPTS));
        BufferedWriter captions = Files.newBufferedWriter(folder.resolve(CAPTIONS))) {
      for (long i = 0; i < count; i++) {
        DrawingExample example = world.drawing(i);
        String path = image(example.scene().draw(), images, Long.toString(i));
        prompts.append(line(path, example.prompt().text()));
        captions.append(line(path, example.caption()));
        step();
      }
    }
  }

  private static String line(String path, String text) {
    JsonObject line = new JsonObject();
    line.addProperty("path", path);
    line.addProperty("prompt", text);
    return GSON.toJson(line) + "\n";
  }

  private void questions() throws IOException {
    String singles = folder("images/questions");
    String chats = folder("images/chats");
    try (Entries entries = new Entries(folder.resolve(QUESTIONS))) {
      for (long i = 0; i < count; i++) {
        ChatExample single = world.imageQuestion(i);
        entries.add(
            conversation("image", image(single.draw().get(0), singles, Long.toString(i)), single));
        step();
        ChatExample chat = world.imageChat(i);
        entries.add(
            conversation("image", image(chat.draw().get(0), chats, Long.toString(i)), chat));
        step();
        entries.add(conversation(null, null, world.smallTalk(i)));
        step();
      }
    }
  }

  private void videos() throws IOException {
    String videos = folder("videos/prompts");
    try (BufferedWriter lines = Files.newBufferedWriter(folder.resolve(VIDEOS))) {
      for (long i = 0; i < count; i++) {
        VideoExample example = world.video(i);
        lines.append(line(video(example.draw(), videos + "/" + i), example.prompt().text()));
        step();
      }
    }
  }

  private void videoQuestions() throws IOException {
    String videos = folder("videos/questions");
    try (Entries entries = new Entries(folder.resolve(VIDEO_QUESTIONS))) {
      for (long i = 0; i < count; i++) {
        ChatExample chat = i % 2 == 0 ? world.videoQuestion(i) : world.videoChat(i);
        entries.add(conversation("video", video(chat.draw(), videos + "/" + i), chat));
        step();
      }
    }
  }

  private void stories() throws IOException {
    String images = folder("images/stories");
    try (Entries entries = new Entries(folder.resolve(STORIES))) {
      for (long i = 0; i < count; i++) {
        StoryExample story = world.story(i);
        JsonArray paths = new JsonArray();
        for (BufferedImage each : story.draw()) {
          paths.add(image(each, images, i + "-" + paths.size()));
        }
        JsonArray captions = new JsonArray();
        captions(story).forEach(captions::add);
        JsonObject entry = new JsonObject();
        entry.add("images", paths);
        entry.add("captions", captions);
        entries.add(entry);
        step();
      }
    }
  }

  /**
   * The texts of a story, each before its image; the prompt is part of the first.
   *
   * @param story with its prompt
   * @return as many as there are images
   */
  public static List<String> captions(StoryExample story) {
    List<String> texts = story.prompt().texts();
    return IntStream.range(0, texts.size())
        .mapToObj(i -> i == 0 ? story.prompt().text() + texts.get(0) : texts.get(i))
        .toList();
  }

  /** In the form of LLaVA; the image or video comes first. */
  private static JsonObject conversation(String kind, String path, ChatExample chat) {
    JsonArray turns = new JsonArray();
    for (WorldQuestion each : chat.turns()) {
      boolean first = turns.isEmpty() && kind != null;
      turns.add(turn("human", first ? "<" + kind + ">\n" + each.text() : each.text()));
      turns.add(turn("gpt", each.answer()));
    }
    JsonObject entry = new JsonObject();
    if (kind != null) {
      entry.addProperty(kind, path);
    }
    entry.add("conversations", turns);
    return entry;
  }

  private static JsonObject turn(String from, String value) {
    JsonObject turn = new JsonObject();
    turn.addProperty("from", from);
    turn.addProperty("value", value);
    return turn;
  }

  private String folder(String name) throws IOException {
    Files.createDirectories(folder.resolve(name));
    return name;
  }

  private String video(List<BufferedImage> frames, String name) throws IOException {
    folder(name);
    for (int i = 0; i < frames.size(); i++) {
      image(frames.get(i), name, "frame-" + i);
    }
    return name;
  }

  private String image(BufferedImage image, String within, String name) throws IOException {
    String path = within + "/" + name + ".png";
    Files.write(folder.resolve(path), PngWriter.encode(image, PngText.NONE));
    return path;
  }

  private void step() {
    progress.accept(++done);
  }

  /** A JSON array, an entry a line, that is never in memory as a whole. */
  private static final class Entries implements AutoCloseable {

    private final BufferedWriter out;
    private String before = "[\n";

    Entries(Path file) throws IOException {
      out = Files.newBufferedWriter(file);
    }

    void add(JsonElement entry) throws IOException {
      out.append(before).append(GSON.toJson(entry));
      before = ",\n";
    }

    @Override
    public void close() throws IOException {
      try (out) {
        out.append("\n]\n");
      }
    }
  }
}
