package dev.showo2.backend.tensorrt;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.showo2.testing.ArchitectureRules;

/** Checks that one package alone knows TensorRT, and which packages know each other. */
@AnalyzeClasses(
    packages = "dev.showo2.backend.tensorrt",
    importOptions = {ImportOption.DoNotIncludeTests.class, ImportOption.DoNotIncludeJars.class})
class TensorRtArchitectureTest {

  private static final String NVINFER = "dev.showo2.backend.tensorrt.internal.nvinfer..";
  private static final String ENGINES = "dev.showo2.backend.tensorrt.internal.engines..";

  /** So that all the rest runs without a GPU, on what plays its part. */
  @ArchTest
  static final ArchRule onePackageTouchesTheLibrary =
      noClasses()
          .that()
          .resideOutsideOfPackage(NVINFER)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..");

  @ArchTest
  static final ArchRule theSeamKnowsNeitherSide =
      noClasses()
          .that()
          .resideInAPackage("dev.showo2.backend.tensorrt.internal.device..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(NVINFER, ENGINES, "dev.showo2.backend.tensorrt");

  @ArchTest
  static final ArchRule theLibraryAndItsPlansMeetAtTheSeam =
      noClasses()
          .that()
          .resideInAPackage(NVINFER)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ENGINES)
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("dev.showo2.backend.tensorrt");

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("dev.showo2.backend.tensorrt.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule publicTypesSayWhatTheyPromise =
      ArchitectureRules.PUBLIC_TYPES_SAY_WHAT_THEY_PROMISE;

  @ArchTest
  static final ArchRule standardStreamsBelongToTheProgram =
      NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
}
