package dev.showo2.samples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.ShowO2;
import dev.showo2.demo.model.DemoCheckpoint;
import dev.showo2.demo.world.Attributes;
import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Position;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import dev.showo2.demo.world.Rgb;
import dev.showo2.demo.world.generate.DrawingExample;
import dev.showo2.demo.world.generate.ShapeScene;
import dev.showo2.demo.world.generate.World;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.model.Bundle;
import dev.showo2.pipeline.FlowOptions;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.samples.testing.TestCache;
import dev.showo2.spi.BackendConfig;
import dev.showo2.text.TextTokenizer;
import dev.showo2.train.Schedule;
import dev.showo2.train.TrainingRun;
import dev.showo2.train.checkpoint.AdapterCheckpoint;
import dev.showo2.train.data.Example;
import dev.showo2.train.data.ExampleMedia;
import dev.showo2.train.data.ExampleSource;
import dev.showo2.train.data.RowKind;
import dev.showo2.train.data.RowLoader;
import dev.showo2.train.data.TrainingBatches;
import dev.showo2.train.data.TrainingData;
import dev.showo2.train.spi.LoraRequest;
import dev.showo2.train.spi.ParameterGroup;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingProvider;
import dev.showo2.train.spi.TrainingRequest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shows that an adapter teaches the demo model a color that its world does not have. */
@Tag("measurement")
class NewColorTest {

  private static final Rgb CYAN = new Rgb(40, 200, 210);
  private static final String NAME = "cyan";

  private static final int STEPS = 100;
  private static final double RATE = 2e-3;
  private static final int EXAMPLES = 160;

  private static final LoraRequest LORA =
      new LoraRequest(
          8,
          16,
          false,
          0,
          List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"),
          1);

  @TempDir private Path folder;

  @Test
  void anAdapterTeachesAColor() throws IOException {
    Path adapter = folder.resolve("adapter");
    train(adapter);
    Path checkpoint = Files.createDirectory(folder.resolve("demo"));
    DemoCheckpoint.copyTo(checkpoint);
    Path merged = folder.resolve("merged");
    ModelExporter.export(
        ExportRequest.of(checkpoint, merged).withAdapter(adapter), ExportListener.NONE);

    try (ShowO2 before = ShowO2.open(TestCache.bundle());
        ShowO2 after = ShowO2.open(merged)) {
      Map<Shape, Rgb> known = new EnumMap<>(Shape.class);
      Map<Shape, Rgb> learned = new EnumMap<>(Shape.class);
      for (Shape shape : Shape.values()) {
        known.put(shape, center(before, NAME, shape));
        learned.put(shape, center(after, NAME, shape));
      }
      String seen = "before " + known + ", after " + learned;
      for (Shape shape : Shape.values()) {
        assertTrue(distance(known.get(shape), CYAN) > 2 * distance(learned.get(shape), CYAN), seen);
        assertTrue(isCyan(learned.get(shape)), seen);
        assertFalse(isCyan(known.get(shape)), seen);
      }
      for (Color color : List.of(Color.RED, Color.GREEN, Color.BLUE)) {
        assertFalse(isCyan(color.rgb()), color.name());
        Rgb drawn = center(after, color.name().toLowerCase(Locale.ROOT), Shape.CIRCLE);
        assertEquals(color, nearest(drawn), "no longer known: " + drawn);
        assertFalse(isCyan(drawn), "no longer known: " + drawn);
      }
    }
  }

  private void train(Path adapter) throws IOException {
    Bundle bundle = Bundle.open(TestCache.bundle());
    TrainingRequest request =
        TrainingRequest.builder(List.of(new ParameterGroup("adapter", List.of(), List.of())))
            .lora(LORA)
            .build();
    try (TextTokenizer tokenizer = TextTokenizer.load(bundle.tokenizer());
        TrainableModel model =
            ServiceLoader.load(TrainingProvider.class)
                .findFirst()
                .orElseThrow()
                .open(bundle, BackendConfig.builder().threads(1).build(), request);
        TrainingBatches batches =
            TrainingData.builder(tokenizer, bundle.architecture())
                .add(loader("new", newColor(), 4))
                .add(loader("old", oldColors(), 2))
                .build()
                .open(model.backend())) {
      TrainingRun.builder(folder.resolve("run"), model, batches)
          .rates(request, List.of(RATE))
          .schedule(new Schedule(Schedule.Kind.COSINE, 10, STEPS))
          .build()
          .start();
      AdapterCheckpoint.write(adapter, model, LORA, Optional.empty());
    }
  }

  private static RowLoader loader(String name, ExampleSource examples, int rows) {
    return RowLoader.builder(examples, RowKind.TEXT_TO_IMAGE)
        .name(name)
        .rows(rows)
        .length(64)
        .build();
  }

  /** Shapes of all kinds on white, big and in the center, as what is not mentioned is. */
  private static ExampleSource newColor() {
    List<Example> examples = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < EXAMPLES; i++) {
      Shape shape = Shape.values()[i % Shape.values().length];
      ShapeScene scene =
          ShapeScene.of(
              new Attributes(shape, Color.BLUE, Background.WHITE, Size.BIG, Position.CENTER),
              random);
      ShapeScene cyan =
          new ShapeScene(
              scene.shown(), CYAN, scene.background(), scene.x(), scene.y(), scene.radius());
      examples.add(
          new Example.Captioned(
              "a " + NAME + " " + shape.name().toLowerCase(Locale.ROOT),
              ExampleMedia.of(cyan.draw())));
    }
    return ExampleSource.of(examples, "new color");
  }

  private static ExampleSource oldColors() {
    World world = new World(1);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < EXAMPLES; i++) {
      DrawingExample drawing = world.drawing(i);
      examples.add(
          new Example.Captioned(drawing.prompt().text(), ExampleMedia.of(drawing.scene().draw())));
    }
    return ExampleSource.of(examples, "old colors");
  }

  /** The mean of the 36 pixels in the middle, which all four shapes cover. */
  private static Rgb center(ShowO2 model, String color, Shape shape) {
    String prompt = "a " + color + " " + shape.name().toLowerCase(Locale.ROOT);
    TextToImageRequest request =
        TextToImageRequest.builder(prompt)
            .options(FlowOptions.builder().steps(20).build())
            .seed(1)
            .build();
    BufferedImage image = model.textToImage().generate(request, GenerationListener.NONE).image();
    double[] sums = new double[3];
    for (int y = 29; y < 35; y++) {
      for (int x = 29; x < 35; x++) {
        int rgb = image.getRGB(x, y);
        sums[0] += rgb >> 16 & 0xff;
        sums[1] += rgb >> 8 & 0xff;
        sums[2] += rgb & 0xff;
      }
    }
    return new Rgb(sums[0] / 36, sums[1] / 36, sums[2] / 36);
  }

  /**
   * Green and blue alike and far above red, as in no color of the world. The brightness is left
   * open: the VAE, which the adapter does not train, has not seen the color either.
   */
  private static boolean isCyan(Rgb drawn) {
    return Math.min(drawn.green(), drawn.blue()) > drawn.red() + 80
        && Math.abs(drawn.green() - drawn.blue()) < 60;
  }

  private static Color nearest(Rgb drawn) {
    return Arrays.stream(Color.values())
        .min(Comparator.comparingDouble(color -> distance(drawn, color.rgb())))
        .orElseThrow();
  }

  private static double distance(Rgb a, Rgb b) {
    return Math.hypot(Math.hypot(a.red() - b.red(), a.green() - b.green()), a.blue() - b.blue());
  }
}
