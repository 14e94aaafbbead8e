package dev.showo2.train.recipe;

import dev.showo2.model.Architecture;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.support.Closer;
import dev.showo2.train.checkpoint.SiglipCheckpoint;
import dev.showo2.train.checkpoint.TeacherFeatures;
import dev.showo2.train.data.FeatureSource;
import dev.showo2.train.spi.Teacher;
import dev.showo2.train.spi.TeacherRequest;
import dev.showo2.train.spi.TrainingProvider;
import java.util.Optional;

/** The files of a teacher, and SigLIP once it runs. */
final class OpenedTeacher implements AutoCloseable {

  private final TeacherSettings settings;
  private final Optional<TeacherFeatures> features;
  private final Optional<SiglipCheckpoint> siglip;
  private final Closer owned = new Closer();

  private OpenedTeacher(TeacherSettings settings) {
    this.settings = settings;
    features =
        settings
            .features()
            .map(file -> TeacherFeatures.open(file, settings.images().orElseThrow()));
    siglip = settings.siglip().map(SiglipCheckpoint::open);
    features.ifPresent(owned::add);
    siglip.ifPresent(owned::add);
  }

  /**
   * Opens the files, of which only the description is read.
   *
   * @throws dev.showo2.error.InvalidModelException if they are incomplete or damaged
   */
  static OpenedTeacher open(TeacherSettings settings) {
    return new OpenedTeacher(settings);
  }

  /**
   * The features for a dry run, which computes none.
   *
   * @param model that is to learn
   */
  FeatureSource described(Architecture model) {
    if (features.isPresent()) {
      return features.get().source();
    }
    TeacherRequest request = request(model);
    return FeatureSource.computed(
        request.shape(), "", request.imageSize(), pixels -> pixels, Optional.empty());
  }

  /**
   * The features for a run.
   *
   * @param provider runs SigLIP until this is closed
   * @param model that is to learn
   */
  FeatureSource running(TrainingProvider provider, BackendConfig config, Architecture model) {
    if (features.isPresent()) {
      return features.get().source();
    }
    TeacherRequest request = request(model);
    Teacher teacher = owned.add(provider.openTeacher(request, config));
    return FeatureSource.computed(
        request.shape(),
        siglip.orElseThrow().hash() + ", " + request.layers().layers() + " layers",
        request.imageSize(),
        teacher::features,
        settings.cache());
  }

  private TeacherRequest request(Architecture model) {
    int layers = settings.layers().orElse(model.semantic().layers());
    return siglip.orElseThrow().teacher(layers);
  }

  @Override
  public void close() {
    owned.close();
  }
}
