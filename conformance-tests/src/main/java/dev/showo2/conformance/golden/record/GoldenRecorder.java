package dev.showo2.conformance.golden.record;

import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.error.CancelledException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.internal.PendingFolder;
import dev.showo2.stage.Stage;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * Records a folder of cases in the reference format: {@code cases.json} and a safetensors file for
 * each case. {@link dev.showo2.conformance.golden.GoldenSet#open} reads it and {@link
 * dev.showo2.conformance.Verification} compares other backends with it.
 *
 * <p>Inputs are drawn from the seed, each case's from a seed of its own. Single stages run on small
 * images and short texts; fusion and whole tasks run at the size that the bundle was made for, with
 * few steps. A backend that computes the same twice gives the same bytes twice.
 *
 * <p>Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class GoldenRecorder {

  /** All cases; single stages first, since their failures tell most. */
  private static final List<CaseRecipe> RECIPES =
      Stream.of(VaeRecipes.ALL, TransformerRecipes.ALL, FlowRecipes.ALL, UnderstandingRecipes.ALL)
          .flatMap(List::stream)
          .toList();

  private static final String INTERRUPTED = "the recording was interrupted; nothing was written";

  private final RecordRequest request;
  private final RecordListener listener;
  private final Map<String, Set<Stage>> leftOut = new LinkedHashMap<>();

  private GoldenRecorder(RecordRequest request, RecordListener listener) {
    this.request = request;
    this.listener = Objects.requireNonNull(listener, "listener");
  }

  /** {@return the cases that there are, in the order in which they are recorded} */
  public static List<String> caseNames() {
    return RECIPES.stream().map(CaseRecipe::name).toList();
  }

  /**
   * Records the cases of a request. The folder appears complete and in one moment; after a failure,
   * or if the listener throws, nothing is left of it. Cases that need a stage which the backend
   * lacks are left out.
   *
   * @param request bundle, backend and cases
   * @param listener callbacks for each case
   * @return the cases that were recorded
   * @throws UnsupportedFeatureException if the backend has the stages of none of the cases
   * @throws dev.showo2.error.BackendException if the engine fails, or gives values that are not
   *     finite
   * @throws CancelledException if the thread is interrupted, which it stays
   * @throws java.nio.file.FileAlreadyExistsException if there is something else than an empty
   *     folder where the cases should be; found before any of them is computed
   * @throws IOException if the files cannot be written
   */
  public static RecordSummary record(RecordRequest request, RecordListener listener)
      throws IOException {
    GoldenRecorder recorder = new GoldenRecorder(request, listener);
    List<CaseRecipe> recipes = recorder.possible();
    try (PendingFolder folder = PendingFolder.create(request.folder())) {
      RecordSummary summary = recorder.recordInto(folder.working(), recipes);
      folder.commit();
      return summary;
    } catch (ClosedByInterruptException e) {
      throw new CancelledException(INTERRUPTED, e);
    }
  }

  private List<CaseRecipe> possible() {
    Set<Stage> stages = request.backend().capabilities().stages();
    List<CaseRecipe> chosen =
        RECIPES.stream().filter(recipe -> request.cases().contains(recipe.name())).toList();
    for (CaseRecipe recipe : chosen) {
      Set<Stage> missing = recipe.missing(stages);
      if (!missing.isEmpty()) {
        leftOut.put(recipe.name(), missing);
      }
    }
    if (leftOut.size() == chosen.size()) {
      throw new UnsupportedFeatureException(
          "the backend '"
              + request.provider().id()
              + "' can record none of these cases: it has "
              + (stages.isEmpty() ? "no stage" : "only " + RecordSummary.ids(stages))
              + "; name other cases, or record with another backend");
    }
    return chosen.stream().filter(recipe -> !leftOut.containsKey(recipe.name())).toList();
  }

  private RecordSummary recordInto(Path folder, List<CaseRecipe> recipes) throws IOException {
    CaseFiles files = new CaseFiles(folder);
    try (LoadedBackend subject = new LoadedBackend(request.bundle(), request.backend())) {
      for (CaseRecipe recipe : recipes) {
        if (Thread.currentThread().isInterrupted()) {
          throw new CancelledException(INTERRUPTED);
        }
        listener.recording(recipe.name(), recipes.indexOf(recipe), recipes.size());
        CaseDraft draft = new CaseDraft(recipe);
        recipe.work().record(new Scene(subject, request.seed(), recipe.name()), draft);
        listener.recorded(recipe.name(), files.write(draft));
      }
    }
    files.writeList(request);
    return new RecordSummary(
        request.folder(), recipes.stream().map(CaseRecipe::name).toList(), leftOut, files.bytes());
  }
}
