package dev.showo2.export;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.showo2.testing.ArchitectureRules;
import java.util.Set;
import java.util.TreeSet;

/** Dependencies between the packages of the exporter. */
@AnalyzeClasses(
    packages = "dev.showo2.export",
    importOptions = {ImportOption.DoNotIncludeTests.class, ImportOption.DoNotIncludeJars.class})
class ExportArchitectureTest {

  @ArchTest
  static final ArchRule noCyclesInTheMachinery =
      slices().matching("dev.showo2.export.internal.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule publicTypesSayWhatTheyPromise =
      ArchitectureRules.PUBLIC_TYPES_SAY_WHAT_THEY_PROMISE;

  /** A type that is added here is one that users see; machinery belongs to a job's package. */
  @ArchTest
  static void onlyEntryTypesAreAtTheTop(JavaClasses all) {
    Set<String> names = new TreeSet<>();
    for (JavaClass type : all) {
      if (type.getPackageName().equals("dev.showo2.export") && type.isTopLevelClass()) {
        names.add(type.getSimpleName());
      }
    }
    names.remove("package-info");
    assertEquals(
        "[ExportListener, ExportPrecision, ExportRequest, ExportSummary, MitigatedLayer,"
            + " ModelExporter, ModelPart, PartSummary, UnquantizedLayer]",
        names.toString());
  }
}
