package dev.showo2.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.text.TextTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The text of a dry run. */
class DryRunTest {

  @TempDir private Path folder;

  @Test
  void rowsArePrintedTokenByTokenAndAllAreCounted() throws Exception {
    List<Example> examples = new ArrayList<>(DataFixture.captioned(3));
    examples.add(new Example.Captioned("a", ExampleMedia.of(folder.resolve("none.png"))));
    try (TextTokenizer tokenizer = ReferenceTokenizer.load(folder)) {
      TrainingData data =
          TrainingData.builder(tokenizer, DataFixture.SIZES)
              .add(DataFixture.loader(examples, RowKind.CAPTION).shuffled(false).length(11).build())
              .add(
                  DataFixture.loader(DataFixture.stories(2, 2), RowKind.INTERLEAVED)
                      .cleanImages(1)
                      .shuffled(false)
                      .length(100)
                      .build())
              .build();
      StringBuilder out = new StringBuilder();
      DataReport report = DryRun.of(data).print(out, 1);
      String text = out.toString();
      assertEquals(5, report.rows());
      assertEquals(1L, report.counts().get(ExampleProblem.MISSING_FILE));
      assertEquals(3L, report.counts().get(ExampleProblem.CUT));
      assertTrue(
          text.startsWith(
              """
              caption: 4 examples; rows of 11 tokens, images of 32x32 pixels
              row 1, CAPTION, example 1, cut
                          0     491  '<|im_start|>'             label
                          1     499  '<|vision_start|>'         label
                        2-6     502  '<|image_pad|>' × 5        -      image 1: time and 4 tokens, clean, t = 1
                          7     500  '<|vision_end|>'           label
                          8      72  'i'                        label
              """),
          text);
      assertTrue(text.contains("3 rows; 1 example skipped"), text);
      assertTrue(text.contains("image 1: time and 4 tokens, clean, t = 1"), text);
      assertTrue(text.contains("image 2: time and 4 tokens, noised, flow loss"), text);
      assertTrue(text.contains("  image 4: none\n"), text);
      assertTrue(text.contains("'[PAD]' × "), text);
      assertEquals(6, DryRun.of(data).withoutImages().print(new StringBuilder(), 0).rows());
    }
  }

  @Test
  void aDryRunShowsTheFirstRowsOfARun() throws Exception {
    try (TextTokenizer tokenizer = ReferenceTokenizer.load(folder)) {
      TrainingData data =
          TrainingData.builder(tokenizer, DataFixture.SIZES)
              .add(DataFixture.loader(DataFixture.captioned(9), RowKind.TEXT_TO_IMAGE).build())
              .build();
      StringBuilder out = new StringBuilder();
      DryRun.of(data).print(out, 1);
      PreparedBatch first =
          new BatchPreparer(data, Optional.empty(), Optional.empty()).next().orElseThrow();
      assertTrue(out.toString().contains("row 1, " + first.rows().get(0).origin()));
    }
  }
}
