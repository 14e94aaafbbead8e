package dev.showo2;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.showo2.testing.ArchitectureRules;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * Checks the dependencies between the packages of this module, and what the module leaves alone.
 */
@AnalyzeClasses(
    packages = "dev.showo2",
    importOptions = {ImportOption.DoNotIncludeTests.class, ImportOption.DoNotIncludeJars.class})
class ArchitectureTest {

  private static final String BYTEDECO = "org.bytedeco..";
  private static final String DJL = "ai.djl..";
  private static final String GSON = "com.google.gson..";

  /** Packages with types for those who write backends and exporters. */
  private static final Set<String> VENDORS = Set.of("spi", "spi.support", "stage", "model");

  @ArchTest static final ArchRule error = only("error");
  @ArchTest static final ArchRule tensor = only("tensor", "error");
  @ArchTest static final ArchRule stage = only("stage", "error", "tensor");
  @ArchTest static final ArchRule sampler = only("sampler", "error", "tensor");

  @ArchTest
  static final ArchRule media =
      only("media", "error", "tensor", "media.jpeg", "media.png", "media.video");

  @ArchTest static final ArchRule jpeg = only("media.jpeg", "media");
  @ArchTest static final ArchRule png = only("media.png", "media");

  @ArchTest
  static final ArchRule video =
      onlyWith(Stream.of(BYTEDECO), "media.video", "error", "media", "natives");

  /** So that all the others can be used without it. */
  @ArchTest
  static final ArchRule ffmpegIsKnownToFewClasses =
      noClasses()
          .that()
          .haveSimpleNameNotStartingWith("Ffmpeg")
          .or()
          .haveSimpleName("Ffmpeg")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(BYTEDECO);

  @ArchTest
  static final ArchRule model = onlyWith(Stream.of(GSON), "model", "error", "tensor", "stage");

  @ArchTest
  static final ArchRule natives =
      onlyWith(Stream.of("javax.crypto.."), "natives", "error", "model");

  @ArchTest
  static final ArchRule text = onlyWith(Stream.of(GSON, DJL), "text", "error", "model", "natives");

  @ArchTest static final ArchRule sequence = only("sequence", "model", "stage", "text");

  @ArchTest
  static final ArchRule spi = only("spi", "error", "tensor", "stage", "model", "spi.support");

  @ArchTest
  static final ArchRule support =
      only("spi.support", "error", "tensor", "stage", "model", "sampler", "spi");

  @ArchTest
  static final ArchRule tiling =
      only("tiling", "error", "tensor", "stage", "model", "spi", "spi.support");

  @ArchTest
  static final ArchRule pipeline =
      only(
          "pipeline",
          "error",
          "tensor",
          "stage",
          "sampler",
          "media",
          "media.video",
          "model",
          "text",
          "sequence",
          "spi",
          "spi.support");

  /** A package that is added needs a rule above. */
  @ArchTest
  static void thereIsARuleForEachPackage(JavaClasses all) {
    Set<String> packages = new TreeSet<>();
    all.forEach(type -> packages.add(type.getPackageName().replaceFirst("\\.internal$", "")));
    assertEquals(
        "[dev.showo2, dev.showo2.error, dev.showo2.media, dev.showo2.media.jpeg,"
            + " dev.showo2.media.png, dev.showo2.media.video, dev.showo2.model,"
            + " dev.showo2.natives, dev.showo2.pipeline, dev.showo2.sampler, dev.showo2.sequence,"
            + " dev.showo2.spi, dev.showo2.spi.support, dev.showo2.stage, dev.showo2.tensor,"
            + " dev.showo2.text, dev.showo2.tiling]",
        packages.toString());
  }

  @ArchTest
  static final ArchRule noCycles = slices().matching("dev.showo2.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule nothingKnowsTheFacade =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.showo2")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.showo2");

  @ArchTest
  static final ArchRule publicTypesSayWhatTheyPromise =
      ArchitectureRules.PUBLIC_TYPES_SAY_WHAT_THEY_PROMISE;

  /** The levels that the package comment of dev.showo2 explains. */
  @ArchTest
  static void levelsTellApplicationsVendorsAndMachineryApart(JavaClasses all) {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass type : all) {
      if (type.isAnnotatedWith(API.class)) {
        boolean internal = type.getPackageName().contains(".internal");
        boolean vendors = VENDORS.contains(type.getPackageName().replaceFirst("dev.showo2.?", ""));
        API.Status status = type.getAnnotationOfType(API.class).status();
        boolean right =
            switch (status) {
              case INTERNAL -> internal;
              case EXPERIMENTAL -> vendors;
              default -> status == API.Status.MAINTAINED && !internal;
            };
        if (!right) {
          wrong.add(type.getName() + " " + status);
        }
      }
    }
    assertEquals(Set.of(), wrong);
  }

  @ArchTest
  static final ArchRule noEngine =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.onnxruntime..", "org.pytorch..");

  @ArchTest
  static final ArchRule standardStreamsBelongToTheProgram =
      NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

  @ArchTest
  static final ArchRule loggingIsTheProgramsChoice =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.logging..", "org.slf4j..", "org.apache..");

  @ArchTest
  static final ArchRule systemPropertiesAreReadOnly =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.showo2.natives.internal.TemporaryProperties")
          .and()
          .doNotHaveFullyQualifiedName("dev.showo2.media.video.internal.Ffmpeg$JavacppMemoryLimit")
          .should()
          .callMethodWhere(
              target(owner(belongToAnyOf(System.class)))
                  .and(
                      target(
                          name("setProperty")
                              .or(name("setProperties"))
                              .or(name("clearProperty"))
                              .or(name("getProperties")))));

  private static ArchRule only(String own, String... others) {
    return onlyWith(Stream.empty(), own, others);
  }

  private static ArchRule onlyWith(Stream<String> libraries, String own, String... others) {
    Stream<String> ours =
        Stream.concat(Stream.of(own), Arrays.stream(others))
            .map(each -> "dev.showo2." + each)
            .flatMap(each -> Stream.of(each, each + ".internal"));
    String[] allowed =
        Stream.of(Stream.of("java..", "javax.imageio..", "org.apiguardian.api"), libraries, ours)
            .flatMap(each -> each)
            .toArray(String[]::new);
    return classes()
        .that()
        .resideInAnyPackage("dev.showo2." + own, "dev.showo2." + own + ".internal")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed));
  }
}
