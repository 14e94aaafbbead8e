package dev.showo2.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.showo2.testing.ArchitectureRules;

/** Checks the dependencies of the benchmark. */
@AnalyzeClasses(
    packages = {"dev.showo2.bench", "dev.showo2.conformance"},
    importOptions = {ImportOption.DoNotIncludeTests.class, ImportOption.DoNotIncludeJars.class})
class BenchmarkArchitectureTest {

  /** What runs in the measured process works with the SDK of another build. */
  @ArchTest
  static final ArchRule theMeasuredProcessNeedsTheSdkAlone =
      noClasses()
          .that()
          .resideInAPackage("dev.showo2.bench.internal")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.showo2.export..", "dev.showo2.train..", "dev.showo2.backend..");

  @ArchTest
  static final ArchRule theKitDoesWithout =
      noClasses()
          .that()
          .resideInAPackage("dev.showo2.conformance..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.showo2.bench..");

  @ArchTest
  static final ArchRule noBackend =
      noClasses().should().dependOnClassesThat().resideInAPackage("dev.showo2.backend..");

  @ArchTest
  static final ArchRule publicTypesSayWhatTheyPromise =
      ArchitectureRules.PUBLIC_TYPES_SAY_WHAT_THEY_PROMISE;
}
