package dev.showo2.conformance.property;

import dev.showo2.model.Architecture;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apiguardian.api.API;

/**
 * Compares a backend with the reference backend, stage by stage, on models of random sizes and
 * inputs of random lengths. Each property names one stage; a stage that the backend does not offer
 * is not compared. Values may differ by what {@link dev.showo2.model.Precision#FP32} allows one
 * stage.
 *
 * <p>A vendor extends this class among the tests of the backend:
 *
 * <pre>{@code
 * class MyBackendPropertiesTest extends BackendProperties {
 *   @Override
 *   protected BackendProvider provider() {
 *     return new MyBackendProvider();
 *   }
 * }
 * }</pre>
 *
 * <p>and adds {@code net.jqwik:jqwik-api} and {@code net.jqwik:jqwik-engine}, 1.9.3, in test scope:
 * they are optional for the kit. A file {@code junit-platform.properties} among the test resources
 * with the line {@code jqwik.database =} keeps jqwik from leaving a file in the working directory.
 *
 * <p>Runs are the same every time: {@value #DEFAULT_MODELS} models and {@value #DEFAULT_TRIES}
 * tries of each property, from one seed. The system properties {@value #MODELS_PROPERTY}, {@value
 * #TRIES_PROPERTY} and {@value #SEED_PROPERTY} make longer and other runs. A failure tells seed,
 * sizes and lengths, these shrunk to the smallest that still fail. The properties of one class run
 * one after another, and not at the same time as those of another.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@AddLifecycleHook(PropertyRun.class)
public abstract class BackendProperties {

  /** System property: the number of synthetic models. */
  public static final String MODELS_PROPERTY = "showo2.properties.models";

  /** System property: how often each property is tried. */
  public static final String TRIES_PROPERTY = "showo2.properties.tries";

  /** System property: a whole number, from which all models and lengths follow. */
  public static final String SEED_PROPERTY = "showo2.properties.seed";

  static final int DEFAULT_MODELS = 10;
  static final int DEFAULT_TRIES = 15;
  static final long DEFAULT_SEED = 20_26;

  private static SyntheticModels models;

  /** {@return the backend to be compared} Called for every model. */
  protected abstract BackendProvider provider();

  /** {@return the configuration with which it is opened} */
  protected BackendConfig config() {
    return BackendConfig.defaults();
  }

  @BeforeContainer
  static void openModels() {
    models = new SyntheticModels();
  }

  @AfterContainer
  static void closeModels() {
    models.close();
  }

  // Lengths come first: they shrink first, while the model stays open.

  @Property
  final void textEmbedding(
      @ForAll("textEmbeddingCases") StageCase use, @ForAll("architectures") Architecture sizes) {
    check(use, sizes);
  }

  @Property
  final void timeEmbedding(
      @ForAll("timeEmbeddingCases") StageCase use, @ForAll("architectures") Architecture sizes) {
    check(use, sizes);
  }

  @Property
  final void fusion(
      @ForAll("fusionCases") StageCase use, @ForAll("architectures") Architecture sizes) {
    check(use, sizes);
  }

  @Property
  final void backbone(
      @ForAll("backboneCases") StageCase use, @ForAll("architectures") Architecture sizes) {
    check(use, sizes);
  }

  @Property
  final void languageHead(
      @ForAll("languageHeadCases") StageCase use, @ForAll("architectures") Architecture sizes) {
    check(use, sizes);
  }

  @Property
  final void flowHead(
      @ForAll("flowHeadCases") StageCase use, @ForAll("architectures") Architecture sizes) {
    check(use, sizes);
  }

  @Property
  final void vaeImages(
      @ForAll("vaeImageCases") StageCase use, @ForAll("architectures") Architecture sizes) {
    check(use, sizes);
  }

  @Property
  final void vaeVideos(
      @ForAll("vaeVideoCases") StageCase use, @ForAll("architectures") Architecture sizes) {
    check(use, sizes);
  }

  private void check(StageCase use, Architecture sizes) {
    models.of(sizes, provider(), config()).check(use);
  }

  @Provide
  Arbitrary<Architecture> architectures() {
    return new ArchitectureArbitrary(models.vocabularySize())
        .few(PropertyRun.models(), PropertyRun.seed());
  }

  @Provide
  Arbitrary<StageCase> textEmbeddingCases() {
    return CaseArbitraries.textEmbedding();
  }

  @Provide
  Arbitrary<StageCase> timeEmbeddingCases() {
    return CaseArbitraries.timeEmbedding();
  }

  @Provide
  Arbitrary<StageCase> fusionCases() {
    return CaseArbitraries.fusion();
  }

  @Provide
  Arbitrary<StageCase> backboneCases() {
    return CaseArbitraries.backbone();
  }

  @Provide
  Arbitrary<StageCase> languageHeadCases() {
    return CaseArbitraries.languageHead();
  }

  @Provide
  Arbitrary<StageCase> flowHeadCases() {
    return CaseArbitraries.flowHead();
  }

  @Provide
  Arbitrary<StageCase> vaeImageCases() {
    return CaseArbitraries.vaeImages();
  }

  @Provide
  Arbitrary<StageCase> vaeVideoCases() {
    return CaseArbitraries.vaeVideos();
  }
}
