package dev.showo2.train.data;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/** Shows the rows that training data become in their first pass, without a model. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DryRun {

  private final TrainingData data;
  private final boolean imagesRead;

  private DryRun(TrainingData data, boolean imagesRead) {
    this.data = data;
    this.imagesRead = imagesRead;
  }

  /**
   * Prepares to show data. Images are read, but not encoded.
   *
   * @param data of a run
   * @return a dry run
   */
  public static DryRun of(TrainingData data) {
    return new DryRun(Objects.requireNonNull(data, "data"), true);
  }

  /**
   * Leaves images unread, which is faster; those that are missing, broken or too small are not
   * found then.
   *
   * @return another dry run
   */
  public DryRun withoutImages() {
    return new DryRun(data, false);
  }

  /**
   * Prints the first rows of each loader, token by token with labels and images, then makes rows of
   * all examples and prints counts. Unusable examples are counted, whatever happens to them in a
   * run.
   *
   * @param out to print to
   * @param limit rows of each loader that are printed; 0 or more
   * @return the counts of all loaders
   * @throws IOException if printing fails
   * @throws dev.showo2.error.InvalidRequestException if the settings of a loader do not fit
   */
  public DataReport print(Appendable out, int limit) throws IOException {
    long rows = 0;
    Map<ExampleProblem, Long> counts = new EnumMap<>(ExampleProblem.class);
    Map<ExampleProblem, List<String>> messages = new EnumMap<>(ExampleProblem.class);
    for (int i = 0; i < data.loaders().size(); i++) {
      DataReport report = print(i, out, limit);
      rows += report.rows();
      report.counts().forEach((problem, count) -> counts.merge(problem, count, Long::sum));
      report.messages().forEach(messages::putIfAbsent);
    }
    return new DataReport(rows, counts, messages);
  }

  private DataReport print(int index, Appendable out, int limit) throws IOException {
    RowLoader loader = data.loaders().get(index);
    RowPreparer preparer =
        new RowPreparer(
            loader,
            data,
            Optional.empty(),
            data.features().map(source -> new FeatureEncoder(source, Optional.empty())));
    ExampleSource source = loader.source();
    ProblemCounter counter = new ProblemCounter();
    int printed = 0;
    out.append(heading(loader, preparer)).append('\n');
    for (long position = 0; position < source.size(); position++) {
      long example =
          loader.shuffled()
              ? new Shuffle(source.size(), data.seed(), index, 0).index(position)
              : position;
      String origin = source.origin(example);
      try {
        PreparedRow row =
            preparer.prepare(
                source.read(example),
                origin,
                new SeededChoice(data.seed(), index, 0, position),
                counter,
                imagesRead);
        counter.row();
        if (printed < limit) {
          out.append("row ").append(String.valueOf(++printed)).append(", ").append(origin);
          out.append(row.row().cut() ? ", cut\n" : "\n");
          if (loader.kind() == RowKind.IMAGE) {
            out.append(image(row.row())).append('\n');
          } else {
            new RowText(data.tokenizer(), row.row()).print(out);
          }
        }
      } catch (BadExampleException e) {
        counter.problem(e.problem(), origin + ": " + e.getMessage());
      }
    }
    out.append(counter.report().text()).append('\n');
    return counter.report();
  }

  private static String image(FormattedRow row) {
    return "  image: "
        + (row.row().tokens().length - 1)
        + " tokens, "
        + (row.cleanSpans() > 0 ? "clean, t = 1" : "noised");
  }

  private String heading(RowLoader loader, RowPreparer preparer) {
    MediaPixels media = preparer.media();
    return loader.name()
        + ": "
        + loader.source().size()
        + " examples; "
        + data.features()
            .map(source -> "features " + source.shape() + " of a teacher")
            .orElse("rows of " + loader.length() + " tokens")
        + ", images of "
        + media.width()
        + "x"
        + media.height()
        + " pixels"
        + (media.frames() > 1 ? ", " + media.frames() + " frames" : "");
  }
}
