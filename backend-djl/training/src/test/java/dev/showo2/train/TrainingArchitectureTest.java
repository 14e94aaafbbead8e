package dev.showo2.train;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.showo2.testing.ArchitectureRules;

/** Checks what training depends on. */
@AnalyzeClasses(
    packages = "dev.showo2.train",
    importOptions = {ImportOption.DoNotIncludeTests.class, ImportOption.DoNotIncludeJars.class})
class TrainingArchitectureTest {

  /** Backends implement {@code spi}; nothing here knows one, or the kit. */
  @ArchTest
  static final ArchRule noEngine =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "ai.djl..",
              "ai.onnxruntime..",
              "org.pytorch..",
              "dev.showo2.backend..",
              "dev.showo2.conformance..",
              "dev.showo2.samples..");

  @ArchTest
  static final ArchRule theBoundaryKnowsNothingBehindIt =
      noClasses()
          .that()
          .resideInAPackage("dev.showo2.train.spi")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.showo2.train",
              "dev.showo2.train.checkpoint..",
              "dev.showo2.train.data..",
              "dev.showo2.train.recipe..",
              "dev.showo2.export..");

  /** Initial weights and results are of use without a run. */
  @ArchTest
  static final ArchRule checkpointsKnowNoRun =
      noClasses()
          .that()
          .resideInAPackage("dev.showo2.train.checkpoint")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.showo2.train", "dev.showo2.train.recipe..");

  @ArchTest
  static final ArchRule publicTypesSayWhatTheyPromise =
      ArchitectureRules.PUBLIC_TYPES_SAY_WHAT_THEY_PROMISE;

  @ArchTest
  static final ArchRule standardStreamsBelongToTheProgram =
      NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
}
