package dev.showo2.train.recipe;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The section {@code teacher} of a configuration: what the semantic layers learn from.
 *
 * @param siglip checkpoint that is run on the images, or else
 * @param features files with features of them
 * @param images folder that the names of these features are relative to
 * @param layers of SigLIP that are computed; as many as the model's semantic layers if not set
 * @param cache folder that keeps what SigLIP computes
 */
record TeacherSettings(
    Optional<Path> siglip,
    Optional<Path> features,
    Optional<Path> images,
    OptionalInt layers,
    Optional<Path> cache) {

  private static final int MOST_LAYERS = 1 << 10;

  static TeacherSettings of(ConfigSection section, Path base) {
    TeacherSettings settings =
        new TeacherSettings(
            section.text("siglip").map(base::resolve),
            section.text("features").map(base::resolve),
            section.text("images").map(base::resolve),
            section.integer("layers", 1, MOST_LAYERS).stream()
                .mapToInt(value -> (int) value)
                .findFirst(),
            section.text("cache").map(base::resolve));
    section.refuseOthers();
    if (settings.siglip().isPresent() == settings.features().isPresent()) {
      throw section.error(
          "features",
          "a teacher is either 'siglip', a checkpoint, or 'features', files computed before;"
              + " give one of them");
    }
    boolean stored = settings.features().isPresent();
    if (stored && settings.images().isEmpty()) {
      throw section.missing("images", "images: photos");
    }
    for (String key : new String[] {"images", "layers", "cache"}) {
      if (section.has(key) && stored != key.equals("images")) {
        throw section.error(
            key,
            "'" + key + "' goes with '" + (stored ? "siglip" : "features") + "'; leave it out");
      }
    }
    return settings;
  }
}
